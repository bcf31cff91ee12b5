export { extensionsOf } from "./attachments/extensions.ts";
export { type AttachmentJudgement, judgeAttachment } from "./attachments/judge_attachment.ts";
export { sniffType } from "./attachments/sniff_type.ts";
export type { ContentHit, ContentPart } from "./content_hit.ts";
export { normalize, type Views } from "./normalize/normalize.ts";
export { type ScanOptions, scan } from "./scan.ts";
