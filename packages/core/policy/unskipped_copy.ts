import { matchesPattern } from "../address/mod.ts";
import type { ComposedCopy, TeamPolicy } from "./team_policy.ts";

/**
 * The first copy of every email that is not in `recipients.skip_approval`: because of it every email is held under
 * `gated_send`. Undefined: there is none.
 */
export function unskippedCopy({ compose, recipients }: TeamPolicy): ComposedCopy | undefined {
  return compose?.copies.find(
    ({ address }) => !recipients.skipApproval.some(({ value }) => matchesPattern(value, address)),
  );
}
