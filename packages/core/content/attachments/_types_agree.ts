import { SIGNATURES } from "./_signatures.ts";
import { extensionOf, extensionsOf, mainType, nameType } from "./extensions.ts";
import { isTextType } from "./is_text_type.ts";

const OLE_TYPES =
  /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook|project|works)|vnd\.visio|x-ole-storage)$/;
/** Their files are ZIP archives, which only their own programs tell apart. */
const ZIP_TYPES = /^application\/(?:zip|vnd\.(?:openxmlformats-|oasis\.|ms-.*macroenabled).*|.*\+zip)$/;
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
  const label = mainType(declared);
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

/**
 * Whether a file that is labelled `declared` may be called `name`: programs go by the extension, so it must be one that
 * is known for the type. What is only said to be bytes may have any that is known.
 */
export function nameAgrees(declared: string, name: string): boolean {
  if (declared === "application/octet-stream") return nameType(name) !== undefined;
  return extensionsOf(declared).includes(extensionOf(name));
}
