/** Media types of files that may be attached at all, and the extensions that their files have (IANA; first: the usual one). */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "text/tab-separated-values": "tsv tab",
  "text/plain": "txt text log asc",
  "text/markdown": "md markdown",
  "text/html": "html htm",
  "application/xhtml+xml": "xhtml",
  "text/css": "css",
  "text/calendar": "ics",
  "text/vcard": "vcf",
  "text/vtt": "vtt",
  "application/x-subrip": "srt",
  "message/rfc822": "eml",
  "application/xml": "xml",
  "application/json": "json",
  "application/geo+json": "geojson",
  "application/x-ndjson": "ndjson jsonl",
  "application/yaml": "yaml yml",
  "application/toml": "toml",
  "application/sql": "sql",
  "application/rtf": "rtf",
  "image/svg+xml": "svg",
  "image/png": "png",
  "image/jpeg": "jpg jpeg jpe jfif",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/bmp": "bmp",
  "image/tiff": "tif tiff",
  "image/heic": "heic heif",
  "image/avif": "avif",
  "image/vnd.adobe.photoshop": "psd",
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/ogg": "ogg oga opus ogv",
  "audio/flac": "flac",
  "video/mp4": "mp4 m4a m4v",
  "video/quicktime": "mov",
  "video/webm": "webm weba mkv",
  "video/x-msvideo": "avi",
  "application/zip": "zip",
  "application/gzip": "gz tgz",
  "application/x-tar": "tar",
  "application/vnd.rar": "rar",
  "application/x-7z-compressed": "7z",
  "application/vnd.apache.parquet": "parquet",
  "application/vnd.sqlite3": "sqlite sqlite3",
  "application/msword": "doc",
  "application/vnd.ms-excel": "xls",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.ms-word.document.macroenabled.12": "docm",
  "application/vnd.ms-excel.sheet.macroenabled.12": "xlsm",
  "application/vnd.ms-powerpoint.presentation.macroenabled.12": "pptm",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.oasis.opendocument.spreadsheet": "ods",
  "application/vnd.oasis.opendocument.presentation": "odp",
  "application/vnd.oasis.opendocument.graphics": "odg",
};

/** Other names of these types. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
  "image/heif": "image/heic",
  "application/x-pdf": "application/pdf",
  "application/csv": "text/csv",
  "application/x-zip-compressed": "application/zip",
  "application/x-gzip": "application/gzip",
  "application/x-tgz": "application/gzip",
  "application/x-compressed-tar": "application/gzip",
  "application/x-rar-compressed": "application/vnd.rar",
  "application/x-rar": "application/vnd.rar",
  "application/x-yaml": "application/yaml",
  "text/yaml": "application/yaml",
  "text/x-markdown": "text/markdown",
  "text/x-log": "text/plain",
  "text/json": "application/json",
  "text/rtf": "application/rtf",
  "text/xml": "application/xml",
  "text/x-vcard": "text/vcard",
  "audio/mp3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "application/ogg": "audio/ogg",
  "video/ogg": "audio/ogg",
  "audio/mp4": "video/mp4",
  "audio/x-m4a": "video/mp4",
  "audio/webm": "video/webm",
  "video/x-matroska": "video/webm",
};

const TYPES = new Map(
  Object.entries(EXTENSIONS).flatMap(([type, extensions]) =>
    extensions.split(" ").map((extension) => [extension, type] as const),
  ),
);

/** The type that a label means: aliases resolved. */
export function mainType(label: string): string {
  return Object.hasOwn(ALIASES, label) ? (ALIASES[label] ?? label) : label;
}

/** The extensions that files of this type have, without dots, the usual one first; none: such files are not known. */
export function extensionsOf(label: string): readonly string[] {
  const type = mainType(label);
  return Object.hasOwn(EXTENSIONS, type) ? (EXTENSIONS[type]?.split(" ") ?? []) : [];
}

/** The extension with which a program would open a file of this name, in lower case; empty when it has none. */
export function extensionOf(name: string): string {
  return /[^/\\.]\.([^./\\]+)$/.exec(name.slice(-300))?.[1]?.toLowerCase() ?? "";
}

/** The media type that a file's extension stands for, if it is one that may be attached. */
export function nameType(name: string): string | undefined {
  return TYPES.get(extensionOf(name));
}
