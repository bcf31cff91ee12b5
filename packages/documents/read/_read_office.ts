import { readXml, type UnpackedFile } from "@countersign/core/content";
import type { Reading } from "./reading.ts";

/** Elements that begin a line, a cell, or are a blank, in OOXML and OpenDocument alike. */
const LINES = new Set([
  "p",
  "h",
  "si",
  "row",
  "table-row",
  "tr",
  "comment",
  "property",
  "br",
  "line-break",
  "cr",
  "note",
  "footnote",
  "endnote",
]);
const CELLS = new Set(["c", "tc", "table-cell", "covered-table-cell", "tab"]);
/** Attributes in which people write. */
const SAID = new Set([
  "descr",
  "title",
  "tooltip",
  "target",
  "string-value",
  "prompt",
  "prompttitle",
  "alt",
  "author",
  "href",
]);
/** Parts whose elements follow each other within a word; in others, each element says something of its own. */
const BODY =
  /^(?:word\/(?!settings|styles|fonttable|theme|numbering|charts|websettings)|ppt\/|xl\/(?:sharedstrings|worksheets|comments|threadedcomments|drawings)|(?:content|styles)\.xml$|object)/i;
/** Elements of text whose text is a measure. */
const MEASURES = /^(?:posoffset|pct\w+|align|sizerel\w*)$/;
/** Parts that hold no text: printers' settings, fonts. */
const SILENT =
  /printersettings\d*\.bin$|\.(?:odttf|fntdata|ttf|otf|thmx)$|^mimetype$|^thumbnails\/|^configurations2\//i;
const GAP = "\n\n\n\n";
const PICTURE = /\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|webp|svg|wdp|ico)$/i;

/** Whether files of this type hold their text as XML parts. */
export function isOfficePart(type: string | undefined): boolean {
  return /^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-)/.test(type ?? "");
}

/**
 * Reads the parts of a Word, Excel, PowerPoint or OpenDocument file: every part is read, not only those that are
 * shown. Pictures beside text go without saying (a letterhead is one); a document of pictures alone is not read.
 */
export async function readOffice(files: readonly UnpackedFile[], reading: Reading): Promise<void> {
  const shared = sharedStrings(files);
  let said = 0;
  let pictures = 0;
  for (const { name, bytes } of files) {
    if (bytes === undefined || !reading.hasTime) {
      reading.miss();
    } else if (/\.(?:xml|rels|vml|rdf)$/i.test(name) || isXml(bytes)) {
      const text = xmlText(bytes, { shared, isBody: BODY.test(name) });
      if (text === undefined) reading.miss();
      else reading.add(text);
      if (
        /^(?:word\/(?:document|header|footer|footnotes)|xl\/(?:sharedstrings|worksheets\/)|ppt\/slides\/|content)/i.test(
          name,
        )
      )
        said += (text ?? "").trim().length;
    } else if (PICTURE.test(name)) pictures++;
    else if (!SILENT.test(name)) await reading.into({ name, bytes });
  }
  if (pictures > 0 && said === 0) reading.miss();
}

/** The text of an XML part, a paragraph, row or shared text a line; `undefined` if it cannot be read. */
function xmlText(
  bytes: Uint8Array,
  { shared, isBody }: { readonly shared: readonly string[]; readonly isBody: boolean },
): string | undefined {
  const parts: string[] = [];
  const noted: string[] = [];
  let cellKind = "";
  const isWhole = readXml(bytes, {
    onElement: (name, attributes) => {
      if (LINES.has(name)) parts.push("\n");
      else if (CELLS.has(name)) parts.push(isFigure(name, attributes) ? ";" : "\t");
      else if (name === "f") parts.push("=");
      else if (name === "v" && isBody) parts.push(parts.at(-1) === ";" || parts.at(-1) === "\t" ? "" : ";");
      else if (!isBody) parts.push(GAP);
      if (name === "s" && attributes.has("c"))
        parts.push(" ".repeat(Math.min(100, Number(attributes.get("c")) || 1)));
      else if (name === "s") parts.push(" ");
      if (name === "c") cellKind = attributes.get("t") ?? "";
      if (name === "sheet") noted.push(attributes.get("name") ?? "");
      for (const [key, value] of attributes) if (SAID.has(key) && value.length > 3) noted.push(value);
      const value = attributes.get("value");
      if (name === "table-cell" && value !== undefined) noted.push(plainNumber(value));
    },
    onText: (text, element) => {
      if (MEASURES.test(element)) return;
      if (element !== "v") parts.push(text);
      else if (cellKind === "s") parts.push(shared[Number(text)] ?? "");
      else parts.push(plainNumber(text));
    },
  });
  return isWhole ? [parts.join(""), ...noted].join(GAP) : undefined;
}

/** A cell that holds a figure: side by side, figures are a table and no number in groups, so they are kept apart. */
function isFigure(name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (name === "c") return (attributes.get("t") ?? "n") === "n";
  return /^(?:float|currency|percentage)$/.test(attributes.get("value-type") ?? "");
}

function isXml(bytes: Uint8Array): boolean {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 40));
  return /^(?:ï»¿)?\s*<|^ÿþ<|^þÿ\0</.test(head);
}

/** Excel keeps the texts of cells in a list beside the sheets. */
function sharedStrings(files: readonly UnpackedFile[]): readonly string[] {
  const part = files.find(({ name }) => /sharedstrings\.xml$/i.test(name));
  const texts: string[] = [];
  if (part?.bytes !== undefined)
    readXml(part.bytes, {
      onElement: (name) => {
        if (name === "si") texts.push("");
      },
      onText: (text) => {
        if (texts.length > 0) texts[texts.length - 1] += text;
      },
    });
  return texts;
}

/** A number as a person would read it: Excel writes large ones with an exponent. */
function plainNumber(text: string): string {
  const value = Number(text);
  return /e\+?\d/i.test(text) && Number.isFinite(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : text;
}
