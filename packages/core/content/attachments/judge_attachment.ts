import { type Attachment, bareMediaType, canonicalMediaType, fileNameProblem } from "../../action/mod.ts";
import { decodeBase64 } from "../embedded/decode_base64.ts";
import { listArchive } from "./_list_archive.ts";
import { lookInto } from "./_look_into.ts";
import { nameAgrees, typesAgree } from "./_types_agree.ts";
import { nameType } from "./extensions.ts";
import { Look } from "./look.ts";
import { sniffType } from "./sniff_type.ts";

/** What a file that goes with an email is, as opposed to what it says. Plain data: it crosses threads. */
export interface AttachmentJudgement {
  /** It could be read, is what it says, does nothing by itself, and is open to whoever must check it. */
  readonly ok: boolean;
  /** Its base64 is valid and it is not larger than 32 MB. If not, nothing else is known about its content. */
  readonly readable: boolean;
  /** The media type it is labelled with, in lower case, without parameters. */
  readonly declared: string;
  /** The media type of its content; `undefined` if that is nothing known. */
  readonly actual: string | undefined;
  /** Size, decoded. */
  readonly bytes: number;
  /** A computer would run, install or mount it, or something that it holds. */
  readonly executable: boolean;
  /** It, or something that it holds, needs a password. */
  readonly encrypted: boolean;
  /** An Office document that brings macros along. */
  readonly macros: boolean;
  /** It acts when it is opened: scripts, programs that it starts, templates and data that it fetches. */
  readonly active: boolean;
  /** It holds more than can be listed: an archive that programs read differently, or one that is packed too deep. */
  readonly unlisted: boolean;
  /** Label, name and content do not go together, or it is two formats at once; or so it is with something that it holds. */
  readonly mismatch: boolean;
}

const MAX_BYTES = 32_000_000;

/**
 * Looks into an attachment, also into what is packed in it: content against label and name. Total; bounded in what it
 * unpacks, so that it takes seconds at most.
 */
export function judgeAttachment({ name, contentType, contentBase64 }: Attachment): AttachmentJudgement {
  const declared = bareMediaType(contentType);
  const content =
    contentBase64.length * 0.75 <= MAX_BYTES ? decodeBase64(contentBase64, MAX_BYTES) : undefined;
  const bytes = content ?? new Uint8Array();
  const actual = sniffType(bytes);
  const look = new Look();
  lookInto({ name, bytes, actual }, look);
  const isSent = canonicalMediaType(contentType) === contentType && fileNameProblem(name) === undefined;
  if (!isSent || !nameAgrees(declared, name)) look.dangers.add("mismatch");
  if (bytes.length > 0 && (!typesAgree(labelOf(declared, name), actual) || isPolyglot(bytes, actual)))
    look.dangers.add("mismatch");
  const readable = content !== undefined;
  return {
    ok: readable && look.dangers.size === 0,
    readable,
    declared,
    actual,
    bytes: content?.length ?? Math.floor(contentBase64.length * 0.75),
    executable: look.dangers.has("executable"),
    encrypted: look.dangers.has("encrypted"),
    macros: look.dangers.has("macros"),
    active: look.dangers.has("active"),
    unlisted: look.dangers.has("unlisted"),
    mismatch: look.dangers.has("mismatch"),
  };
}

/** What is only said to be bytes is opened by its name. */
function labelOf(declared: string, name: string): string {
  return declared === "application/octet-stream" ? (nameType(name) ?? declared) : declared;
}

/** A ZIP's list may stand at the end of any file: a picture, a PDF or a text that is an archive as well. */
function isPolyglot(bytes: Uint8Array, actual: string | undefined): boolean {
  return (
    listArchive(bytes, actual) !== undefined &&
    /^(?:image|audio|video|text)\/|^application\/(?:pdf|rtf|xml|postscript)$|^message\//.test(
      actual ?? "text/",
    )
  );
}
