import { RULE_INPUTS } from "../decision/mod.ts";
import { RULE_NAMES, type RuleName, type TeamPolicy } from "../policy/mod.ts";
import { canonicalText } from "./canonical_text.ts";

/**
 * Rules that may find something else under the second policy than under the first, of email of an assistant that both have. All
 * others find the same, so what is decided otherwise, they do not decide.
 */
export function mindedRules(before: TeamPolicy, after: TeamPolicy, assistant: string): ReadonlySet<RuleName> {
  const [was, will] = [before.assistants.get(assistant), after.assistants.get(assistant)];
  // What nobody has, or only one has: the answer does not depend on anything else.
  if (was === undefined || will === undefined)
    return new Set(was === will ? [] : (["actions"] satisfies RuleName[]));
  const isSame = (of: (policy: TeamPolicy) => unknown): boolean =>
    canonicalText(of(before)) === canonicalText(of(after));
  const heldAlike = isSame(({ oversight, recipients, compose }) => [
    oversight,
    recipients.skipApproval,
    compose?.copies,
  ]);
  const addsAlike = isSame(({ compose }) => compose);
  const ownMailbox = isSame(({ mailbox }) => mailbox.address);
  const minded = (Object.keys(RULE_NAMES) as RuleName[]).filter((rule) => {
    const { policy } = RULE_INPUTS[rule];
    if (canonicalText(policy(before, was)) !== canonicalText(policy(after, will))) return true;
    if (!isSame(({ rules }) => rules.get(rule) === "warn")) return true;
    if (!isSame(({ exceptions }) => exceptions.filter((one) => one.rule === rule).map(canonicalText)))
      return true;
    // Whatever asks for a person is denied where nothing is held for one.
    if (!heldAlike && ASK_A_PERSON.has(rule)) return true;
    return (!addsAlike && LOOK_AT_TEXT.has(rule)) || (!ownMailbox && rule === "recipients.address");
  });
  // Which approval all email needs, no rule says; whoever is asked is then asked of plain email.
  const asksAlike = isSame(({ approval }) => [approval.needed, approval.by]);
  return new Set(minded.length === 0 && !(asksAlike && heldAlike) ? ["approval"] : minded);
}

const ASK_A_PERSON: ReadonlySet<RuleName> = new Set([
  ...(["recipients.address", "recipients.external", "after_outside_mail", "approval"] as const),
  ...(["content.flag", "content.unscannable", "first_contact", "overlap"] as const),
]);

/** Rules that look at what a policy adds to email too. */
const LOOK_AT_TEXT: ReadonlySet<RuleName> = new Set([
  ...(["compose", "require", "content.block", "content.flag", "approval", "recipients.deny"] as const),
]);
