import type { Attachment, Draft } from "../action/mod.ts";
import type { ContentDetector } from "../policy/mod.ts";
import { findDetected } from "./_find_detected.ts";
import { isTextType } from "./attachments/is_text_type.ts";
import type { ContentHit, ContentPart } from "./content_hit.ts";
import { decodeBase64 } from "./embedded/decode_base64.ts";
import { decodeText, isMostlyText } from "./embedded/decode_text.ts";

/** What `scan` may be told. */
export interface ScanOptions {
  /** Largest text attachment that is read, in bytes; a larger one is a hit of kind `unscannable`. Default: 5,000,000. */
  readonly maxAttachmentBytes?: number;
  /** Epoch milliseconds: by it is known which signed links end soon. Absent: only what says from when to when does. */
  readonly now?: number;
}

const MAX_ATTACHMENT_BYTES = 5_000_000;
/** Enough of a large file to tell whether it is text. */
const PROBE_BYTES = 65_536;

/**
 * Looks for what the detectors know in a draft's subject, body, file names and text attachments; also when it is
 * disguised (`normalize`) or encoded once. One hit for each detector and part. Linear in the draft's size.
 * Throws what RE2JS throws when a pattern does not compile.
 */
export function scan(
  draft: Pick<Draft, "subject" | "markdown" | "attachments">,
  detectors: readonly ContentDetector[],
  options: ScanOptions = {},
): readonly ContentHit[] {
  if (detectors.length === 0) return [];
  const maxBytes = options.maxAttachmentBytes ?? MAX_ATTACHMENT_BYTES;
  return [
    ...scanText(draft.subject, detectors, { part: "subject" }, options),
    ...scanText(draft.markdown, detectors, { part: "body" }, options),
    ...draft.attachments.flatMap((attachment, index) => [
      ...scanText(attachment.name, detectors, { part: "attachment name", index }, options),
      ...scanAttachment(attachment, detectors, { ...options, index, maxBytes }),
    ]),
  ];
}

function scanText(
  text: string,
  detectors: readonly ContentDetector[],
  where: { readonly part: ContentPart; readonly index?: number },
  options: ScanOptions,
): readonly ContentHit[] {
  return findDetected(text, detectors, options).map(({ detector: { name, kind }, line }) => ({
    detector: name,
    kind,
    ...where,
    line,
  }));
}

function scanAttachment(
  attachment: Attachment,
  detectors: readonly ContentDetector[],
  { index, maxBytes, ...options }: ScanOptions & { readonly index: number; readonly maxBytes: number },
): readonly ContentHit[] {
  const { contentBase64, contentType } = attachment;
  const tooLarge = contentBase64.length * 0.75 > maxBytes + 2;
  const bytes = decodeBase64(contentBase64, tooLarge ? PROBE_BYTES : maxBytes + 3);
  if (bytes !== undefined && !isTextType(contentType) && !isMostlyText(bytes)) return [];
  if (bytes === undefined || tooLarge) {
    return [{ detector: "unscannable", kind: "unscannable", part: "attachment", index, line: 1 }];
  }
  return scanText(decodeText(bytes), detectors, { part: "attachment", index }, options);
}
