import { decodeText, isMostlyText } from "../embedded/decode_text.ts";
import { hasAscii, indexOfAscii, latin1, littleEndian } from "./_bytes.ts";
import { listZip } from "./_list_zip.ts";
import { SIGNATURES } from "./_signatures.ts";
import { sniffText } from "./_sniff_text.ts";

/** A PDF may begin with this many other bytes; readers skip them (ISO 32000-1, implementation note 13). */
const PDF_HEADER = 1_024;
const TEXT_HEAD = 8_192;

/** Types of OOXML (ECMA-376) by the folder of their parts: without macros, and with them. */
const OOXML: readonly (readonly [folder: string, plain: string, macros: string])[] = [
  [
    "word/",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-word.document.macroenabled.12",
  ],
  [
    "xl/",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel.sheet.macroenabled.12",
  ],
  [
    "ppt/",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12",
  ],
];

/**
 * The media type that the content has, whatever name and label say; `text/plain` for text of no known kind,
 * `undefined` for other bytes that begin like nothing known. Total and linear.
 */
export function sniffType(bytes: Uint8Array): string | undefined {
  const type = SIGNATURES.find(({ magic, offset = 0 }) => hasAscii(bytes, offset, magic))?.type;
  if (type === "application/zip") return sniffZip(bytes);
  if (type === "application/x-ole-storage") return isInstaller(bytes) ? "application/x-msi" : type;
  if (type !== undefined) return type;
  if (hasAscii(bytes, 0, "\xca\xfe\xba\xbe"))
    return isUniversalBinary(bytes) ? "application/x-mach-binary" : "application/java-vm";
  const pdf = indexOfAscii(bytes.subarray(0, PDF_HEADER), "%PDF-");
  if (pdf >= 0) return "application/pdf";
  if (hasAscii(bytes, 0, "BM") && littleEndian(bytes, 6, 4) === 0) return "image/bmp";
  if (bytes.length >= 512 && hasAscii(bytes, bytes.length - 512, "koly"))
    return "application/x-apple-diskimage";
  if (hasAscii(bytes, 0, "MZ") && bytes.subarray(0, 64).includes(0)) return "application/x-msdownload";
  return isMostlyText(bytes) ? sniffText(decodeText(bytes.subarray(0, TEXT_HEAD))) : undefined;
}

function sniffZip(bytes: Uint8Array): string {
  const { names } = listZip(bytes);
  const lower = names.map((name) => name.toLowerCase());
  const has = (wanted: string): boolean => lower.includes(wanted);
  if (has("androidmanifest.xml")) return "application/vnd.android.package-archive";
  if (has("appxmanifest.xml")) return "application/appx";
  if (has("meta-inf/manifest.mf")) return "application/java-archive";
  const macros = lower.some((name) => name.endsWith("vbaproject.bin"));
  const office =
    has("[content_types].xml") && OOXML.find(([folder]) => lower.some((name) => name.startsWith(folder)));
  if (office) return macros ? office[2] : office[1];
  // OpenDocument and EPUB: the first entry is stored and holds the type.
  const own =
    names[0] === "mimetype" ? /^application\/[a-z0-9.+-]+/.exec(latin1(bytes, 38, 118))?.[0] : undefined;
  return own ?? "application/zip";
}

/** Number of architectures, or else the version of a Java class file, which is 45 and more. */
function isUniversalBinary(bytes: Uint8Array): boolean {
  return bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && (bytes[7] ?? 0) < 45;
}

/** The root entry's class is Windows Installer's (MS-CFB 2.6.1). */
function isInstaller(bytes: Uint8Array): boolean {
  const root = (littleEndian(bytes, 48, 4) + 1) * 2 ** Math.min(16, littleEndian(bytes, 30, 2));
  return hasAscii(bytes, root + 80, "\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46");
}
