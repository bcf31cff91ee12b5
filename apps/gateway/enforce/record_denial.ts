import type { Finding } from "@countersign/core/decision";
import { denialCode } from "./denial_code.ts";
import type { Judged } from "./judged.ts";
import { judgedEntry } from "./judged_entry.ts";
import type { Denied } from "./outcome.ts";
import type { World } from "./world.ts";

/** Puts a denial on record and answers it. */
export async function recordDenial(judged: Judged, world: World): Promise<Denied> {
  const { call, decision, receipt } = judged;
  await world.trail.append(judgedEntry(judged));
  return { kind: "denied", receipt, code: denialCode(call.action, decision), decision };
}

/** What was judged turned into a denial by something that no policy says: the trail, or the caller's key. */
export function deniedBy<J extends Judged>(judged: J, finding: Finding): J {
  const { decision, facts } = judged;
  return {
    ...judged,
    decision: { ...decision, effect: "deny", findings: [finding] },
    facts: { after: facts?.after ?? 0, beyond: true },
  };
}
