import type { OversightMode } from "@countersign/core/policy";

/** MultiMail's modes, strictest first. A list of the sandbox's own: what it imitates does not change with core. */
export const OVERSIGHT_MODES = ["read_only", "gated_all", "gated_send", "monitored", "autonomous"] as const;

/** Whether changing `from` into `to` would loosen it. */
export function isLooser(to: OversightMode, from: OversightMode): boolean {
  return OVERSIGHT_MODES.indexOf(to) > OVERSIGHT_MODES.indexOf(from);
}
