import type { Attachment } from "../action/mod.ts";
import { type AttachmentJudgement, judgeAttachment } from "../content/mod.ts";
import type { Context } from "./context.ts";

const done = new WeakMap<Attachment, AttachmentJudgement>();

/** What the files of an email are, as it was found out ahead, or now; two rules ask, one look answers. */
export function judgedFiles(
  attachments: readonly Attachment[],
  { inspection }: Context,
): readonly AttachmentJudgement[] {
  return attachments.map((attachment, index) => {
    const ahead = inspection?.ok === true ? inspection.files[index] : undefined;
    const judgement = ahead ?? done.get(attachment) ?? judgeAttachment(attachment);
    done.set(attachment, judgement);
    return judgement;
  });
}
