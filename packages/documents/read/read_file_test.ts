import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { PDFDocument } from "pdf-lib";
import { buildZip, docx, eml, odt, pdf, pptx, xlsx } from "../testing/build_documents.ts";
import { readFile } from "./read_file.ts";

const CARD = "4111 1111 1111 1111";

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
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
      ["shared.xlsx", xlsx([[CARD, "x"]]), /4111 1111 1111 1111\tx/],
      ["number.xlsx", xlsx([[4.111111111111111e15]]), /4111111111111111/],
      ["cells.xlsx", xlsx([["4111", "1111", "1111", "1111"]]), /4111\t1111\t1111\t1111/],
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
  const files: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ["a.png", png],
    ["picture.zip", buildZip({ "a.txt": "x", "b.png": png })],
    ["pictures.docx", docx([""], { "word/media/a.png": png })],
    ["scanned.pdf", await scanned.save()],
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
