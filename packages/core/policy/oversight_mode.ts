/** MultiMail's oversight modes, strictest first (MultiMail field `oversight_mode`). */
export const OVERSIGHT_MODES = ["read_only", "gated_all", "gated_send", "monitored", "autonomous"] as const;

/** One of MultiMail's oversight modes. */
export type OversightMode = (typeof OVERSIGHT_MODES)[number];

/** Whether `mode` is at least as strict as `bound`. */
export function isAsStrictAs(mode: OversightMode, bound: OversightMode): boolean {
  return OVERSIGHT_MODES.indexOf(mode) <= OVERSIGHT_MODES.indexOf(bound);
}

/** What holds for a team that declares no mode: `gated_send`, or the organisation's bound where that is stricter. */
export function defaultOversight(bound: OversightMode | undefined): OversightMode {
  return bound === undefined || isAsStrictAs("gated_send", bound) ? "gated_send" : bound;
}
