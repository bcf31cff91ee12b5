import type { Attachment, Draft } from "../action/mod.ts";
import type { ContentDetector } from "../policy/mod.ts";
import { findDetected } from "./_find_detected.ts";
import { isTextType } from "./attachments/is_text_type.ts";
import { sniffType } from "./attachments/sniff_type.ts";
import { decodeBase64 } from "./embedded/decode_base64.ts";
import { decodeTexts, isMostlyText } from "./embedded/decode_text.ts";

/** Which part of an email something was found in. */
export type ContentPart = "subject" | "body" | "attachment name" | "attachment";

/** That something was found, and where; never what. Safe to log and to keep. */
export interface ContentHit {
  /** Name of the built-in detector or of the policy's pattern; `unscannable` for an attachment that cannot be read. */
  readonly detector: string;
  /** `unscannable`: an attachment that says more than could be read. */
  readonly kind: "builtin" | "pattern" | "unscannable";
  readonly part: ContentPart;
  /** Index into the draft's attachments, for the parts of an attachment. */
  readonly index?: number;
  /** In the part's text, from 1. Of encoded text: where its encoded form begins. */
  readonly line: number;
}

/** What `scan` may be told. */
export interface ScanOptions {
  /** Largest text attachment that is read, in bytes; a larger one is a hit of kind `unscannable`. Default: 5,000,000. */
  readonly maxAttachmentBytes?: number;
  /** Epoch milliseconds: by it is known which signed links end soon. Absent: only what says from when to when does. */
  readonly now?: number;
  /** By attachment, what was read out of it; absent: it is read here, if it is text, and cannot be read otherwise. */
  readonly readings?: readonly (FileReading | undefined)[];
}

/** What could be read out of a file. Plain data: it crosses threads. */
export interface FileReading {
  readonly texts: readonly string[];
  /** Everything that the file says is among them. */
  readonly complete: boolean;
}

const MAX_ATTACHMENT_BYTES = 5_000_000;
/** Enough of a large file to tell whether it is text. */
const PROBE_BYTES = 65_536;

/**
 * Looks for what the detectors know in a draft's subject, body, file names and attachments, as far as they are text or
 * were read; also when it is disguised (`normalize`) or encoded once. One hit for each detector and part, and one of kind
 * `unscannable` for each attachment that says more than could be read. Linear in the draft's size.
 * Throws what RE2JS throws when a pattern does not compile.
 */
export function scan(
  draft: Pick<Draft, "subject" | "markdown" | "attachments">,
  detectors: readonly ContentDetector[],
  options: ScanOptions = {},
): readonly ContentHit[] {
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
  if (detectors.length === 0) return [];
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
  const unscannable = {
    detector: "unscannable",
    kind: "unscannable",
    part: "attachment",
    index,
    line: 1,
  } as const;
  const scanTexts = (texts: readonly string[]): readonly ContentHit[] => {
    const hits = texts.flatMap((text) => scanText(text, detectors, { part: "attachment", index }, options));
    return [...new Map(hits.map((hit) => [`${hit.kind} ${hit.detector}`, hit])).values()];
  };
  const reading = options.readings?.[index];
  if (reading !== undefined) return [...scanTexts(reading.texts), ...(reading.complete ? [] : [unscannable])];
  const tooLarge = contentBase64.length * 0.75 > maxBytes + 2;
  const bytes = decodeBase64(contentBase64, tooLarge ? PROBE_BYTES : maxBytes + 3);
  if (bytes === undefined) return [unscannable];
  const isText = isTextType(contentType) || isTextType(sniffType(bytes) ?? "");
  if (!isText && bytes.length > 0 && !isMostlyText(bytes)) return [unscannable];
  if (tooLarge) return [unscannable];
  return [
    ...scanTexts(decodeTexts(bytes, contentType)),
    ...(isText || bytes.length === 0 ? [] : [unscannable]),
  ];
}
