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
