import type { Attachment } from "../action/mod.ts";
import { type AttachmentJudgement, judgeAttachment } from "../content/mod.ts";

const done = new WeakMap<Attachment, AttachmentJudgement>();

/** What a file is; two rules ask, one look answers. */
export function judgeOnce(attachment: Attachment): AttachmentJudgement {
  const judgement = done.get(attachment) ?? judgeAttachment(attachment);
  done.set(attachment, judgement);
  return judgement;
}
