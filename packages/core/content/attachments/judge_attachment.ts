import type { Attachment } from "../../action/mod.ts";
import { decodeBase64 } from "../embedded/decode_base64.ts";
import { hasAscii, indexOfAscii, latin1 } from "./_bytes.ts";
import { listArchive } from "./_list_archive.ts";
import { nameType } from "./_name_type.ts";
import { nameAgrees, typesAgree } from "./_types_agree.ts";
import { isExecutableName } from "./is_executable_name.ts";
import { sniffType } from "./sniff_type.ts";

/** What a file that goes with an email is, as opposed to what it says. */
export interface AttachmentJudgement {
  /** It could be read, is what it says, cannot be run, and is open to whoever must check it. */
  readonly ok: boolean;
  /** Its base64 is valid and it is not larger than 32 MB. If not, nothing else is known about its content. */
  readonly readable: boolean;
  /** The media type it is labelled with, in lower case, without parameters. */
  readonly declared: string;
  /** The media type of its content; `undefined` if that is nothing known. */
  readonly actual: string | undefined;
  /** Size, decoded. */
  readonly bytes: number;
  /** A computer would run, install or mount it, or an archive holds something of the kind. */
  readonly executable: boolean;
  /** It needs a password, or is an archive whose list of entries cannot be read. */
  readonly encrypted: boolean;
  /** An Office document that brings macros along. */
  readonly macros: boolean;
  /** Label, name and content do not go together, or it is two formats at once. */
  readonly mismatch: boolean;
}

const MAX_BYTES = 32_000_000;

const EXECUTABLE_TYPES = new Set([
  "application/x-elf",
  "application/x-mach-binary",
  "application/x-msdownload",
  "application/x-msi",
  "application/x-sh",
  "application/x-bat",
  "application/x-ms-regedit",
  "application/x-mswinurl",
  "application/x-ms-shortcut",
  "application/x-httpd-php",
  "application/java-vm",
  "application/java-archive",
  "application/wasm",
  "application/appx",
  "application/vnd.android.package-archive",
  "application/vnd.android.dex",
  "application/vnd.ms-cab-compressed",
  "application/vnd.ms-htmlhelp",
  "application/x-archive",
  "application/x-rpm",
  "application/x-xar",
  "application/x-vhd",
  "application/x-iso9660-image",
  "application/x-apple-diskimage",
]);

const ACTIVE_SVG = /<(?:\w+:)?(?:script|foreignobject|iframe|handler)\b|[\s"']on[a-z]{3,20}\s*=|javascript:/i;

/** Looks into an attachment, without unpacking anything: content against label and name. Total and linear. */
export function judgeAttachment({ name, contentType, contentBase64 }: Attachment): AttachmentJudgement {
  const declared = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const content =
    contentBase64.length * 0.75 <= MAX_BYTES ? decodeBase64(contentBase64, MAX_BYTES) : undefined;
  const bytes = content ?? new Uint8Array();
  const actual = sniffType(bytes);
  const archive = listArchive(bytes, actual);
  const named = nameType(name);
  const judged = {
    readable: content !== undefined,
    declared,
    actual,
    bytes: content?.length ?? Math.floor(contentBase64.length * 0.75),
    executable: isExecutable(name, bytes, actual) || (archive?.names ?? []).some(isExecutableName),
    encrypted: archive?.encrypted === true || isEncryptedDocument(bytes, actual),
    macros: hasMacros(bytes, actual),
    mismatch:
      bytes.length > 0 && (!agrees(declared, actual, named) || isPolyglot(actual, archive !== undefined)),
  };
  const { readable, executable, encrypted, mismatch } = judged;
  return { ok: readable && !executable && !encrypted && !mismatch, ...judged };
}

function agrees(declared: string, actual: string | undefined, named: string | undefined): boolean {
  const label = declared === "application/octet-stream" ? (named ?? declared) : declared;
  return typesAgree(label, actual) && (named === undefined || nameAgrees(declared, named));
}

function isExecutable(name: string, bytes: Uint8Array, actual: string | undefined): boolean {
  if (isExecutableName(name) || (actual !== undefined && EXECUTABLE_TYPES.has(actual))) return true;
  if (hasAscii(bytes, 0, "MZ") && indexOfAscii(bytes.subarray(0, 4_096), "PE\0\0") > 0) return true;
  return actual === "image/svg+xml" && ACTIVE_SVG.test(new TextDecoder().decode(bytes));
}

/** A ZIP's list may stand at the end of any file: a picture, a PDF or a text that is an archive as well. */
function isPolyglot(actual: string | undefined, isArchive: boolean): boolean {
  return (
    isArchive &&
    /^(?:image|audio|video|text)\/|^application\/(?:pdf|rtf|xml|postscript)$|^message\//.test(
      actual ?? "text/",
    )
  );
}

function isEncryptedDocument(bytes: Uint8Array, actual: string | undefined): boolean {
  if (actual === "application/x-ole-storage") return indexOfAscii(bytes, wide("EncryptedPackage")) >= 0;
  if (actual !== "application/pdf") return false;
  for (let at = indexOfAscii(bytes, "/Encrypt"); at >= 0; at = indexOfAscii(bytes, "/Encrypt", at + 8)) {
    if (/^[\s\0]*(?:\d+[\s\0]+\d+[\s\0]+R|<<)/.test(latin1(bytes, at + 8, at + 60))) return true;
  }
  return false;
}

function hasMacros(bytes: Uint8Array, actual: string | undefined): boolean {
  if (actual?.includes("macroenabled") === true) return true;
  return actual === "application/x-ole-storage" && indexOfAscii(bytes, wide("_VBA_PROJECT")) >= 0;
}

/** As UTF-16LE, which names in OLE files are in. */
function wide(name: string): string {
  return [...name].map((character) => `${character}\0`).join("");
}
