import { SIGNATURES } from "./_signatures.ts";
import { isTextType } from "./is_text_type.ts";

const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
  "application/x-pdf": "application/pdf",
  "application/x-zip-compressed": "application/zip",
  "application/x-gzip": "application/gzip",
  "application/x-tgz": "application/gzip",
  "application/x-compressed-tar": "application/gzip",
  "application/x-rar-compressed": "application/vnd.rar",
  "application/x-rar": "application/vnd.rar",
  "text/rtf": "application/rtf",
  "text/xml": "application/xml",
  "audio/mp3": "audio/mpeg",
  "application/ogg": "audio/ogg",
  "video/ogg": "audio/ogg",
  "audio/mp4": "video/mp4",
  "audio/x-m4a": "video/mp4",
  "audio/webm": "video/webm",
  "video/x-matroska": "video/webm",
};

const OLE_TYPES =
  /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook|project|works)|vnd\.visio|x-ole-storage)$/;
/** Their files are ZIP archives, which only their own programs tell apart. */
const ZIP_TYPES =
  /^application\/(?:zip|vnd\.(?:openxmlformats-|oasis\.|ms-.*macroenabled|apple\.|google-earth\.kmz).*|.*\+zip)$/;
/** Text that acts when it is opened: nothing else may pass for it, nor it for anything else. */
const ACTIVE = new Set([
  "text/html",
  "application/xhtml+xml",
  "image/svg+xml",
  "application/x-httpd-php",
  "application/x-sh",
  "application/x-bat",
  "application/x-ms-regedit",
  "application/x-mswinurl",
]);
const SNIFFED = new Set([...SIGNATURES.map(({ type }) => type), "application/pdf", "image/bmp"]);

/** Whether a file that is labelled `declared` may have the content `actual`, as `sniffType` says it. */
export function typesAgree(declared: string, actual: string | undefined): boolean {
  const label = ALIASES[declared] ?? declared;
  if (label === actual || label === "application/octet-stream") return true;
  if (actual === undefined)
    return !(isTextType(label) || SNIFFED.has(label) || OLE_TYPES.test(label) || ZIP_TYPES.test(label));
  if (ACTIVE.has(actual)) return actual === "text/html" && label === "application/xhtml+xml";
  if (actual === "application/rtf") return label === "application/msword";
  if (isTextType(actual)) return isTextType(label) && label !== "application/rtf";
  if (actual === "application/x-ole-storage") return OLE_TYPES.test(label);
  if (actual === "application/zip") return ZIP_TYPES.test(label) && !label.includes("openxmlformats");
  return label === "application/zip" && ZIP_TYPES.test(actual);
}

/** Whether a file that is labelled `declared` may have a name whose extension stands for `named`. */
export function nameAgrees(declared: string, named: string): boolean {
  const label = ALIASES[declared] ?? declared;
  if (label === named || label === "application/octet-stream") return true;
  if (ACTIVE.has(label) || ACTIVE.has(named)) return false;
  return isTextType(label) && isTextType(named);
}
