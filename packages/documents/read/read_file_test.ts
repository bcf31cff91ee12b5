import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { PDFDocument } from "pdf-lib";
import { buildZip, docx, eml, odt, pdf, pptx, xlsx } from "../testing/build_documents.ts";
import { readFile } from "./read_file.ts";
import { loadPdfReader } from "./read_pdf.ts";

/** Sixty-four pixels square, grey. */
const LARGE_PNG = pngOf(64);
const CARD = "4111 1111 1111 1111";

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
// The first PDF of a process takes as long as its library takes to load, which counts as reading.
await loadPdfReader();

test("readFile() reads what documents say", async (t) => {
  const files: readonly (readonly [name: string, bytes: Uint8Array | Promise<Uint8Array>, wanted: RegExp])[] =
    [
      ["a.pdf", pdf(`Card ${CARD} thanks`), /Card 4111 1111 1111 1111 thanks/],
      ["title.pdf", pdf("Hello"), /About it/],
      ["runs.docx", docx(["41", "11 1111 11", "11 1111"]), /4111 1111 1111 1111/],
      [
        "header.docx",
        docx(["Hello"], { "word/header1.xml": "<w:hdr><w:p><w:t>In the header</w:t></w:p></w:hdr>" }),
        /In the header/,
      ],
      [
        "hidden.docx",
        docx(["Hello"], { "word/comments.xml": `<w:comments><w:t>${CARD}</w:t></w:comments>` }),
        /4111/,
      ],
      ["shared.xlsx", xlsx([[CARD, "x"]]), /4111 1111 1111 1111\t+x/],
      ["number.xlsx", xlsx([[4.111111111111111e15]]), /4111111111111111/],
      ["cells.xlsx", xlsx([["4111", "1111", "1111", "1111"]]), /4111\t+1111\t+1111\t+1111/],
      [
        "inline.xlsx",
        xlsx([["x"]], {
          "xl/worksheets/sheet2.xml":
            "<worksheet><c><is><r><t>41</t></r><r><t>11 1111</t></r></is></c></worksheet>",
        }),
        /4111 1111/,
      ],
      [
        "sheet.xlsx",
        xlsx([["x"]], { "xl/workbook.xml": `<workbook><sheet name="${CARD}"/></workbook>` }),
        /4111 1111/,
      ],
      ["other.docx", docx(["Hello"], { "word/main.dat": `<?xml version="1.0"?><w:t>${CARD}</w:t>` }), /4111/],
      [
        "figures.docx",
        docx(["Hello"], { "docProps/app.xml": "<a><Pages>4111</Pages><Words>2222</Words></a>" }),
        /4111\n{4}2222/,
      ],
      ["slides.pptx", pptx(CARD), /4111 1111/],
      [
        "letter.odt",
        odt(`<text:p>4111<text:s/>1111 <text:span>1111</text:span> 1111</text:p>`),
        /4111 1111 1111 1111/,
      ],
      [
        "letter.rtf",
        bytesOf(`{\\rtf1{\\fonttbl{\\f0 Arial;}}\\b 4111\\b0  1111 {\\v 1111}\\~\\u49?\\'3111\\par}`),
        /4111 {1,2}1111 1111 1111/,
      ],
      ["mail.eml", eml(CARD), /4111 1111 1111 1111/],
      ["inner.eml", eml("Hello"), /inside it/],
      [
        "meeting.ics",
        bytesOf("BEGIN:VCALENDAR\r\nDESCRIPTION:sk_li\r\n ve_1\\, two\r\nEND:VCALENDAR"),
        /sk_live_1, two/,
      ],
      ["data.csv.gz", gzipSync(`a,${CARD}`), /4111/],
      ["files.zip", buildZip({ "a.zip": buildZip({ "b.docx": docx([CARD]) }) }), /4111/],
      ["name.zip", buildZip({ [`${CARD}.txt`]: "x" }), /4111/],
      ["utf16.txt", Buffer.from(`\ufeffCard ${CARD}`, "utf16le"), /Card 4111/],
      ["nul.txt", bytesOf(`4\u0000111 1111\u0000 1111 1111`), /4111 1111 1111 1111/],
    ];
  for (const [name, bytes, wanted] of files) {
    await t.test(name, async () => {
      const { texts, complete } = await readFile({ name, bytes: await bytes });
      assert.match(texts.join("\n\n"), wanted);
      assert.equal(complete, true);
    });
  }
});

test("readFile() says so when there is more than it can read", async (t) => {
  const png = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");
  const scanned = await PDFDocument.create();
  const picture = await scanned.embedPng(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    ),
  );
  scanned.addPage().drawImage(picture, { x: 0, y: 0, width: 500, height: 500 });
  const pictured = await PDFDocument.create();
  const large = await pictured.embedPng(LARGE_PNG);
  pictured.addPage().drawImage(large, { x: 0, y: 0, width: 500, height: 500 });
  const files: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ["a.png", png],
    ["picture.zip", buildZip({ "a.txt": "x", "b.png": png })],
    ["pictures.docx", docx([""], { "word/media/a.png": png })],
    ["scanned.pdf", await scanned.save()],
    ["picture.pdf", await pictured.save()],
    ["broken.pdf", bytesOf("%PDF-1.7\nnothing")],
    ["old.doc", Buffer.from("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "latin1")],
    ["broken.gz", gzipSync("Hello").subarray(0, 14)],
    ["bomb.zip", buildZip({ "a.txt": new Uint8Array(120_000_000) })],
    ["bomb.gz", gzipSync(new Uint8Array(120_000_000))],
    [
      "deep.zip",
      [1, 2, 3, 4, 5, 6].reduce((inner) => buildZip({ "a.zip": inner }), buildZip({ "a.txt": "x" })),
    ],
    ["broken.docx", docx(["Hello"], { "word/a.xml": "<a><b></a>" })],
    ["sound.ogg", Buffer.concat([Buffer.from("OggS"), deflateRawSync(png)])],
  ];
  for (const [name, bytes] of files)
    await t.test(name, async () => assert.equal((await readFile({ name, bytes })).complete, false));
});

function pngOf(size: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head[8] = 8;
  const rows = deflateSync(Buffer.alloc(size * (size + 1), 0));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...[chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))],
  ]);
}
