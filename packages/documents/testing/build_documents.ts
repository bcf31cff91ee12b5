import { deflateRawSync } from "node:zlib";
import { PDFDocument, StandardFonts } from "pdf-lib";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A ZIP of deflated files. */
export function buildZip(files: Files): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as Uint8Array);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const central = Buffer.alloc(46 - 32);
    central.writeUInt32LE(offset, 10);
    list.push(Buffer.from("PK\x01\x02\x14\0", "latin1"), fields, central, Buffer.from(name));
    const body = [Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), packed];
    bodies.push(...body);
    offset += body.reduce((sum, { length }) => sum + length, 0);
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

const TYPES =
  '<?xml version="1.0" encoding="UTF-8"?><Types><Default Extension="xml" ContentType="application/xml"/></Types>';

/** A Word document with one paragraph of these runs. */
export function docx(runs: readonly string[], more: Files = {}): Buffer {
  const text = runs.map((run) => `<w:r><w:rPr/><w:t xml:space="preserve">${run}</w:t></w:r>`).join("");
  const document = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>${text}</w:p></w:body></w:document>`;
  return buildZip({ "[Content_Types].xml": TYPES, "word/document.xml": document, ...more });
}

/** An Excel workbook with one sheet; texts are in the list that all sheets share. */
export function xlsx(rows: readonly (readonly (string | number)[])[], more: Files = {}): Buffer {
  const texts = rows.flat().filter((cell) => typeof cell === "string");
  const cellOf = (cell: string | number) =>
    typeof cell === "string"
      ? `<c t="s"><v>${texts.indexOf(cell)}</v></c>`
      : `<c><v>${cell.toExponential()}</v></c>`;
  const sheet = rows.map((row) => `<row>${row.map(cellOf).join("")}</row>`).join("");
  return buildZip({
    "[Content_Types].xml": TYPES,
    "xl/workbook.xml": "<workbook/>",
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    "xl/sharedStrings.xml": `<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`,
    ...more,
  });
}

/** A PowerPoint presentation of one slide. */
export function pptx(text: string): Buffer {
  const slide = `<p:sld><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:sld>`;
  return buildZip({ "[Content_Types].xml": TYPES, "ppt/slides/slide1.xml": slide });
}

/** An OpenDocument text. */
export function odt(body: string): Buffer {
  const type = "application/vnd.oasis.opendocument.text";
  // The type comes first, and not packed.
  const files = buildZip({ "content.xml": `<office:document-content>${body}</office:document-content>` });
  const head = Buffer.alloc(30);
  head.write("PK\x03\x04", "latin1");
  head.writeUInt32LE(type.length, 18);
  head.writeUInt32LE(type.length, 22);
  head.writeUInt16LE(8, 26);
  const first = Buffer.concat([head, Buffer.from(`mimetype${type}`)]);
  const end = files.length - 22;
  const directoryAt = files.readUInt32LE(end + 16);
  const central = Buffer.alloc(46);
  central.write("PK\x01\x02", "latin1");
  head.copy(central, 6, 4, 30);
  const listed = Buffer.from(files.subarray(directoryAt, end));
  listed.writeUInt32LE(first.length, 42);
  const directory = Buffer.concat([central, Buffer.from("mimetype"), listed]);
  const last = Buffer.from(files.subarray(end));
  last.writeUInt16LE(2, 8);
  last.writeUInt16LE(2, 10);
  last.writeUInt32LE(directory.length, 12);
  last.writeUInt32LE(first.length + directoryAt, 16);
  return Buffer.concat([first, files.subarray(0, directoryAt), directory, last]);
}

/** A PDF of one page, packed as programs do. */
export async function pdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  document.addPage().drawText(text, { x: 50, y: 500, size: 12, font });
  document.setTitle("About it");
  return document.save();
}

/** An email whose text and one attachment are encoded. */
export function eml(text: string, attached: Uint8Array = buildZip({ "inner.txt": "inside it" })): Buffer {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const head =
    "From: a@b.example\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x";
  const encoded = "Content-Transfer-Encoding: base64\r\n\r\n";
  const file = `Content-Type: application/zip; name=a.zip\r\n${encoded}${base64(attached)}`;
  return Buffer.from(
    `${head}\r\n\r\n--x\r\nContent-Type: text/plain\r\n${encoded}${base64(Buffer.from(text))}\r\n--x\r\n${file}\r\n--x--\r\n`,
  );
}
