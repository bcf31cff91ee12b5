import { isAsStrictAs, type OversightMode } from "./oversight_mode.ts";

/** What holds for a team that declares no mode: `gated_send`, or the organisation's bound where that is stricter. */
export function defaultOversight(bound: OversightMode | undefined): OversightMode {
  return bound === undefined || isAsStrictAs("gated_send", bound) ? "gated_send" : bound;
}
