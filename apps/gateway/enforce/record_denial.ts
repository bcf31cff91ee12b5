import type { Decision, Finding } from "@countersign/core/decision";
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

/** The decision turned into a denial by something that only the trail could know. */
export function deniedBy(decision: Decision, finding: Finding): Decision {
  return { ...decision, effect: "deny", findings: [finding] };
}
