import { isEmailAction } from "../../action/mod.ts";
import { judgeOnce } from "../judge_once.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** Whatever a policy says: nothing that a computer would run, and no archive that nobody can look into. */
export const attachmentsUnsafe: Rule = {
  name: "attachments.unsafe",
  evaluate: ({ action }): readonly RuleFinding[] => {
    if (!isEmailAction(action)) return [];
    return action.draft.attachments.map(judgeOnce).flatMap(({ executable, encrypted, macros }, index) => {
      const detail = `Attachment ${index + 1}`;
      if (executable)
        return [
          {
            effect: "deny" as const,
            message: "A file is a program, or holds one; such files are never sent",
            detail,
          },
        ];
      if (encrypted)
        return [
          {
            effect: "deny" as const,
            message: "A file is encrypted, so nobody can look into it; such files are never sent",
            detail,
          },
        ];
      if (macros)
        return [
          { effect: "deny" as const, message: "A document holds macros; such files are never sent", detail },
        ];
      return [];
    });
  },
};
