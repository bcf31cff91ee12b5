import { isEmailAction } from "../../action/mod.ts";
import { unknownContent } from "../content_findings.ts";
import { judgedFiles } from "../judged_files.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** Whatever a policy says: nothing that a computer would run, and nothing that nobody can look into. */
export const attachmentsUnsafe: Rule = {
  name: "attachments.unsafe",
  evaluate: ({ action, context }): readonly RuleFinding[] => {
    if (!isEmailAction(action) || action.draft.attachments.length === 0) return [];
    if (context.inspection?.ok === false) return [unknownContent(context.inspection.message)];
    return judgedFiles(action.draft.attachments, context).flatMap((file, index) => {
      const detail = `Attachment ${index + 1}`;
      const danger = DANGERS.find(([name]) => file[name]);
      return danger === undefined
        ? []
        : [{ effect: "deny" as const, message: `${danger[1]}; such files are never sent`, detail }];
    });
  },
};

/** The first that holds is told. */
const DANGERS = [
  ["executable", "A file is a program, or holds one"],
  ["encrypted", "A file is encrypted, so nobody can look into it"],
  ["macros", "A document holds macros"],
  ["active", "A file runs, starts or fetches something when it is opened"],
  ["unlisted", "A file cannot be read whole, so nobody knows all that it holds"],
] as const;
