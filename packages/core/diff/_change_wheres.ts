import type { Decision } from "../decision/mod.ts";
import { type TeamPolicy, type Where, whereOf } from "../policy/mod.ts";
import type { ChangeGroup } from "./policy_change.ts";

/** The lines that decide, before and afterwards, of the first request of a group. */
export function changeWheres(group: ChangeGroup): { readonly before?: Where; readonly after?: Where } {
  const [first] = group.requests;
  if (first === undefined) return {};
  const isWider = group.direction === "wider";
  const [strict, loose] = isWider ? [first.before, first.after] : [first.after, first.before];
  const [strictPolicy, loosePolicy] = isWider ? [group.before, group.after] : [group.after, group.before];
  const { path, where } = decider(strict, group.rank);
  const one = where ?? (strictPolicy && whereOf(strictPolicy, path));
  const other =
    loosePolicy && (decider(loose, group.rank).where ?? pathIn(loosePolicy, path, first.request.assistant));
  const [before, after] = isWider ? [one, other] : [other, one];
  return { ...(before && { before }), ...(after && { after }) };
}

function decider(
  { findings, requirements = [] }: Decision,
  rank: ChangeGroup["rank"],
): { readonly path: string; readonly where?: Where } {
  if (rank === "unheld") return { path: "oversight" };
  if (rank === "approval") {
    const most = [...requirements].sort((a, b) => b.needed - a.needed)[0];
    return { path: "approval", ...(most && { where: most.where }) };
  }
  const finding = findings.find(({ effect, sendAt }) =>
    rank === "unseen" ? effect === "flag" : rank === "earlier" ? sendAt !== undefined : effect === "deny",
  );
  return { path: finding?.rule ?? "", ...(finding?.where && { where: finding.where }) };
}

/** Rules whose name is not the key that they enforce. */
const KEYS: Readonly<Record<string, string>> = { caller: "assistants", "mailbox.verified": "oversight" };

function pathIn(policy: TeamPolicy, rule: string, assistant: string): Where {
  const index = [...policy.assistants.keys()].indexOf(assistant);
  if ((rule === "caller" || rule === "actions" || rule === "users") && index >= 0)
    return whereOf(policy, rule === "caller" ? `assistants[${index}]` : `assistants[${index}].${rule}`);
  const own = policy.assistants.get(assistant)?.limits;
  if (rule === "limits" && own !== undefined && Object.values(own).some(({ length }) => length > 0))
    return whereOf(policy, `assistants[${index}].limits`);
  return whereOf(policy, KEYS[rule] ?? rule);
}
