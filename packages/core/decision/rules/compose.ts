import {
  askedDraft,
  hidesWhatFollows,
  isAskedFor,
  isEmailAction,
  MAX_MARKDOWN,
  MAX_RECIPIENTS,
  MAX_SUBJECT,
} from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/**
 * `compose`: what the policy added to this email is said; where it does not fit, or the email's own text would hide the
 * footer, the email is denied.
 */
export const compose: Rule = {
  name: "compose",
  evaluate: ({ policy, action, recipients }): readonly RuleFinding[] => {
    if (!isEmailAction(action) || action.draft.added === undefined) return [];
    const { draft } = action;
    const { added = { subject: 0, body: 0 } } = draft;
    const where = whereOf(policy, "compose");
    const about = recipients.flatMap((recipient, index) => (isAskedFor(recipient) ? [] : [index]));
    const problems = [
      added.subject > 0 && draft.subject.length > MAX_SUBJECT && "The subject is too long with its prefix",
      added.body > 0 && draft.markdown.length > MAX_MARKDOWN && "The text is too long with the footer",
      added.body > 0 &&
        hidesWhatFollows(askedDraft(draft).markdown) &&
        "The text would hide the footer: it leaves a comment or an element of HTML open, or has a style sheet; write it without",
      ["cc", "bcc"].some(
        (name) =>
          about.some((index) => recipients[index]?.field === name) &&
          recipients.filter(({ field }) => field === name).length > MAX_RECIPIENTS,
      ) && "With its copies the email has too many recipients",
    ].filter((problem) => problem !== false);
    if (problems.length > 0) return problems.map((message) => ({ effect: "deny", message, where }));
    const texts = [added.subject > 0 && "a subject prefix", added.body > 0 && "a footer"].filter(Boolean);
    const notes: RuleFinding[] = [];
    if (texts.length > 0) {
      const message = `Your team's policy added ${texts.join(" and ")}`;
      notes.push({ effect: "note", message, where });
    }
    if (about.length > 0)
      notes.push({ effect: "note", message: "Gets a copy, as your team's policy says", where, about });
    return notes;
  },
};
