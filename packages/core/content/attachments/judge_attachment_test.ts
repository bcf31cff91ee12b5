import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
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

/** Writes a ZIP of stored entries; `listed` are the names in its central directory, when they differ. */
function zip(entries: readonly ZipEntry[], listed = entries): Buffer {
  const locals = entries.map(({ name, data = "x", flags = 0 }) => {
    const header = Buffer.alloc(30);
    header.write("PK\x03\x04", "latin1");
    header.writeUInt16LE(flags, 6);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name + data, "latin1")]);
  });
  const centrals = listed.map(({ name, flags = 0 }) => {
    const header = Buffer.alloc(46);
    header.write("PK\x01\x02", "latin1");
    header.writeUInt16LE(flags, 8);
    header.writeUInt16LE(name.length, 28);
    return Buffer.concat([header, Buffer.from(name, "latin1")]);
  });
  const [body, central, end] = [Buffer.concat(locals), Buffer.concat(centrals), Buffer.alloc(22)];
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(listed.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, central, end]);
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
    ["invoice.PDF", "Application/PDF; name=invoice.pdf", `\n\n${PDF}`],
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
    ["unknown.xyz", "application/x-acme", `\x00\x01\x02${"\xfe\x03".repeat(40)}`],
    ["letter.rtf", "application/rtf", "{\\rtf1 Hello}"],
  ];
  for (const [name, type, content] of files) {
    await t.test(`${name}, ${type}`, () => {
      const { ok, executable, encrypted, mismatch, macros, readable } = judge(name, type, content);
      assert.deepEqual(
        [ok, executable, encrypted, mismatch, macros, readable],
        [true, false, false, false, false, true],
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
    "picture with script": '<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>',
    "picture with handler": '<svg onload="alert(1)"/>',
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
    "ZIP without any list": "PK\x03\x04",
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

test("judgeAttachment() notices macros", () => {
  const docm = "application/vnd.ms-word.document.macroenabled.12";
  const { ok, macros, actual } = judge(
    "a.docm",
    "application/vnd.ms-word.document.macroEnabled.12",
    office("word", "word/vbaProject.bin"),
  );
  assert.deepEqual([ok, macros, actual], [true, true, docm]);
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
