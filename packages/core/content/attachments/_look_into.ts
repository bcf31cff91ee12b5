import { isMostlyText } from "../embedded/decode_text.ts";
import { hasAscii, indexOfAscii, latin1 } from "./_bytes.ts";
import { gzipName, listArchive } from "./_list_archive.ts";
import { listTar } from "./_list_tar.ts";
import { listZip } from "./_list_zip.ts";
import { lookIntoOdfPart, lookIntoOoxmlPart } from "./_look_into_office.ts";
import { lookIntoPdf } from "./_look_into_pdf.ts";
import { lookIntoSvg, lookIntoXml } from "./_look_into_xml.ts";
import { typesAgree } from "./_types_agree.ts";
import { extensionOf, nameType } from "./extensions.ts";
import { isExecutableName } from "./is_executable_name.ts";
import type { Look } from "./look.ts";
import { sniffType } from "./sniff_type.ts";

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
  "application/onenote",
]);

/** Packed in ways that nobody here unpacks. */
const SEALED_TYPES = new Set([
  "application/x-7z-compressed",
  "application/x-bzip2",
  "application/x-xz",
  "application/zstd",
]);

const OFFICE_TYPE = /^application\/vnd\.(?:openxmlformats-officedocument\.|ms-.*macroenabled)/;
const ODF_TYPE = /^application\/vnd\.oasis\./;

/** Names that OLE files (MS-CFB) give to what runs: macros; objects of other programs. */
const OLE_MACROS = ["_VBA_PROJECT", "VBA\0"];
const OLE_OBJECTS = ["Ole10Native\0", "ObjectPool\0", "Package\0"];

/** RTF's words for objects of other programs, templates and fields that fetch. */
const ACTIVE_RTF =
  /\\obj(?:data|emb|link|autlink|ocx|html|update|sub|pub|icemb)\b|\\\*\s*\\template\b|\\bin\d|\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\b/i;

/** A file to look into: the attachment itself, or something that it holds. */
export interface LookedAt {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `sniffType` of the bytes. */
  readonly actual: string | undefined;
}

/** Finds everything that makes a file unfit to be sent, also in what it holds. */
export function lookInto({ name, bytes, actual }: LookedAt, look: Look): void {
  const { dangers } = look;
  if (isExecutableName(name) || isProgram(bytes, actual)) dangers.add("executable");
  if (actual !== undefined && SEALED_TYPES.has(actual)) dangers.add("unlisted");
  const archive = listArchive(bytes, actual);
  if (archive !== undefined) {
    if (archive.names.some(isExecutableName)) dangers.add("executable");
    if (archive.encrypted) dangers.add("encrypted");
    if (!archive.complete) dangers.add("unlisted");
  }
  if (actual === "application/gzip") lookIntoGzip(name, bytes, look);
  else if (actual === "application/x-tar")
    for (const entry of listTar(bytes).entries) lookIntoEntry(entry.name, entry.data, look);
  else if (actual === "application/vnd.rar") archive?.names.forEach((entry) => void lookAtName(entry, look));
  else if (archive !== undefined) lookIntoZip(bytes, actual, look);
  else if (actual === "application/pdf") lookIntoPdf(bytes, look);
  else if (actual === "application/x-ole-storage") lookIntoOle(bytes, look);
  else if (actual === "application/rtf") {
    if (ACTIVE_RTF.test(latin1Text(bytes))) dangers.add("active");
  } else if (actual === "message/rfc822") lookIntoEmail(bytes, look);
  else if (extensionOf(name) === "svg" || actual === "image/svg+xml") lookIntoSvg(bytes, look);
  else if (actual === "application/xml" || extensionOf(name) === "xml") lookIntoXml(bytes, look);
}

function isProgram(bytes: Uint8Array, actual: string | undefined): boolean {
  if (actual !== undefined && EXECUTABLE_TYPES.has(actual)) return true;
  return hasAscii(bytes, 0, "MZ") && indexOfAscii(bytes.subarray(0, 4_096), "PE\0\0") > 0;
}

function lookIntoZip(bytes: Uint8Array, actual: string | undefined, look: Look): void {
  const isOffice = OFFICE_TYPE.test(actual ?? "");
  const isOdf = ODF_TYPE.test(actual ?? "");
  if (actual?.includes("macroenabled") === true) look.dangers.add("macros");
  for (const entry of listZip(bytes).entries) {
    const content = look.unzip(entry);
    if (content === undefined) look.dangers.add("unlisted");
    else if (entry.name.endsWith("/")) {
      if (content.length > 0) look.dangers.add("unlisted");
    } else if (isOffice || isOdf) lookIntoPart(entry.name, content, { isOdf }, look);
    else lookIntoEntry(entry.name, content, look);
  }
}

/** A part of an Office document: XML, pictures, and documents in it. */
function lookIntoPart(
  name: string,
  bytes: Uint8Array,
  { isOdf }: { readonly isOdf: boolean },
  look: Look,
): void {
  const { dangers } = look;
  if (isOdf && /^(?:Basic|Scripts)\//i.test(name)) dangers.add("macros");
  if (/(?:^|\/)(?:xl\/)?macrosheets\/|vbaproject\.bin$|vbadata\.xml$/i.test(name)) dangers.add("macros");
  if (/\.(?:xml|rels|vml|rdf)$/i.test(name) || isXmlStart(bytes)) {
    if (isOdf) lookIntoOdfPart(bytes, look);
    else lookIntoOoxmlPart(bytes, look);
    return;
  }
  const actual = sniffType(bytes);
  if (actual === "application/x-ole-storage") dangers.add("active");
  else if (actual === "image/svg+xml") lookIntoSvg(bytes, look);
  else if (actual !== undefined && /^(?:text\/html|application\/rtf|message\/)/.test(actual))
    dangers.add("active");
  else if (actual !== undefined && !/^(?:text|image)\//.test(actual))
    look.into(() => lookInto({ name, bytes, actual }, look));
}

function isXmlStart(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?\s*<\?xml|^\xff\xfe<\0|^\xfe\xff\0</.test(latin1(bytes, 0, 20));
}

/** An entry of an archive: judged as if it were attached by itself, by its name alone. */
function lookIntoEntry(name: string, bytes: Uint8Array, look: Look): void {
  if (name.endsWith("/")) return;
  if (isAppleNote(name, bytes)) return;
  const type = lookAtName(name, look);
  const actual = sniffType(bytes);
  if (bytes.length > 0 && !(type === undefined ? isMostlyText(bytes) : typesAgree(type, actual)))
    look.dangers.add("mismatch");
  look.into(() => lookInto({ name, bytes, actual }, look));
}

/** The type that an entry's name stands for; one that stands for none that may be attached is refused. */
function lookAtName(name: string, look: Look): string | undefined {
  const extension = extensionOf(name);
  const type = nameType(name);
  if (extension !== "" && type === undefined && !name.endsWith("/")) look.dangers.add("mismatch");
  return type;
}

/** What macOS puts into every ZIP beside the files: AppleDouble, and how a folder is shown. */
function isAppleNote(name: string, bytes: Uint8Array): boolean {
  if (/^__MACOSX\/(?:.*\/)?\._[^/]*$/.test(name))
    return hasAscii(bytes, 0, "\0\x05\x16\x07") && bytes.length < 100_000;
  return /(?:^|\/)\.DS_Store$/.test(name) && hasAscii(bytes, 0, "\0\0\0\x01Bud1");
}

/** A gzip holds one file, under the name that it says or that is left without `.gz`: both are judged. */
function lookIntoGzip(name: string, bytes: Uint8Array, look: Look): void {
  const stem = name.replace(/\.tgz$/i, ".tar").replace(/\.gz$/i, "");
  const content = look.gunzip(bytes);
  if (content === undefined) {
    look.dangers.add("unlisted");
    return;
  }
  const inner = gzipName(bytes);
  for (const called of new Set([stem, ...(inner === "" ? [] : [inner])]))
    lookIntoEntry(called, content, look);
}

function lookIntoOle(bytes: Uint8Array, look: Look): void {
  const has = (name: string) => indexOfAscii(bytes, wide(name)) >= 0;
  if (has("EncryptedPackage")) look.dangers.add("encrypted");
  if (OLE_MACROS.some(has)) look.dangers.add("macros");
  if (OLE_OBJECTS.some(has)) look.dangers.add("active");
}

/** Files in a file that is an email: by their names; what they are is found out when they are read. */
function lookIntoEmail(bytes: Uint8Array, look: Look): void {
  for (const [, name = ""] of latin1Text(bytes).matchAll(
    /\b(?:file)?name(?:\*\d*\*?)?\s*=\s*"?([^"\r\n;]{1,300})/gi,
  ))
    if (isExecutableName(name)) look.dangers.add("executable");
}

function latin1Text(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** As UTF-16LE, which names in OLE files are in. */
function wide(name: string): string {
  return [...name].map((character) => `${character}\0`).join("");
}
