import { isEmailAction } from "../../action/mod.ts";
import { extensionsOf } from "../../content/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import { unknownContent } from "../content_findings.ts";
import { judgedFiles } from "../judged_files.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** `attachments`: which files may go with an email, how many and how large. Types are judged by content. */
export const attachments: Rule = {
  name: "attachments",
  evaluate: ({ policy, action, context }): readonly RuleFinding[] => {
    if (!isEmailAction(action) || action.draft.attachments.length === 0) return [];
    const allowed = policy.attachments;
    const where = whereOf(policy, "attachments");
    if (allowed === undefined) {
      return [
        { effect: "deny", message: "Your team attaches no files; put what matters into the text", where },
      ];
    }
    if (context.inspection?.ok === false) return [unknownContent(context.inspection.message)];
    const files = judgedFiles(action.draft.attachments, context);
    const types = new Set(allowed.allow.map(({ value }) => value));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const findings: RuleFinding[] = files.flatMap(({ declared, actual, mismatch, readable }, index) => {
      const detail = `Attachment ${index + 1} is declared ${declared}, its content is ${actual ?? "unknown"}`;
      if (!readable) return [{ effect: "deny", message: "A file cannot be read", detail, where }];
      if (!types.has(declared))
        return [{ effect: "deny", message: "Files of this type may not be attached", detail, where }];
      if (mismatch) {
        const [extension] = extensionsOf(declared);
        const fine =
          extension === undefined ? "" : `; a file of this type is called like report.${extension}`;
        return [
          { effect: "deny", message: `A file is not what its name or type says${fine}`, detail, where },
        ];
      }
      return [];
    });
    if (files.length > allowed.maxCount) {
      const detail = `${files.length} files, max_count is ${allowed.maxCount}`;
      findings.push({
        effect: "deny",
        message: "Too many files are attached",
        detail,
        where: whereOf(policy, "attachments.max_count"),
      });
    }
    if (bytes > allowed.maxBytes) {
      const detail = `${bytes} bytes, max_bytes is ${allowed.maxBytes}`;
      findings.push({
        effect: "deny",
        message: "The files are too large together",
        detail,
        where: whereOf(policy, "attachments.max_bytes"),
      });
    }
    return findings;
  },
};
