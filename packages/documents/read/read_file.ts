import {
  decodeTexts,
  type FileReading,
  isMostlyText,
  isTextType,
  sniffType,
  unpack,
} from "@countersign/core/content";
import { isOfficePart, readOffice } from "./_read_office.ts";
import { readRtf } from "./_read_rtf.ts";
import { type ReadableFile, Reading } from "./reading.ts";

/** Reading one attachment takes no longer, in milliseconds; what is left then counts as not read. */
const MAX_MS = 6_000;

/** Reads what a file says, also what is packed in it. Total. */
export async function readFile(file: ReadableFile): Promise<FileReading> {
  const reading = new Reading(performance.now() + MAX_MS, readInto);
  await readInto(file, reading);
  const { texts, complete } = reading;
  return { texts, complete };
}

/** The same, as a part of another file's reading. */
async function readInto({ name, bytes, contentType }: ReadableFile, reading: Reading): Promise<void> {
  if (bytes.length === 0) return;
  try {
    await readAs(
      sniffType(bytes),
      { name, bytes, ...(contentType !== undefined && { contentType }) },
      reading,
    );
  } catch {
    // Whatever a parser stumbles over: the file may say what nobody has seen.
    reading.miss();
  }
}

async function readAs(actual: string | undefined, file: ReadableFile, reading: Reading): Promise<void> {
  const { name, bytes, contentType = "" } = file;
  if (actual === "application/pdf") {
    const { readPdf } = await import("./read_pdf.ts");
    return readPdf(bytes, reading);
  }
  if (actual === "application/rtf") return reading.add(readRtf(bytes));
  if (actual === "message/rfc822" || /\.eml$/i.test(name)) {
    const { readEmail } = await import("./read_email.ts");
    return readEmail(bytes, reading);
  }
  const files = unpack({ name, bytes, actual }, reading.look);
  if (files !== undefined) {
    if (isOfficePart(actual)) return readOffice(files, reading);
    for (const { name: inner, bytes: content } of files) {
      reading.add(inner);
      if (content === undefined) reading.miss();
      else await reading.into({ name: inner, bytes: content });
    }
    return;
  }
  const isText = isTextType(actual ?? "") || isTextType(contentType);
  if (!isText && !isMostlyText(bytes)) return reading.miss();
  for (const text of decodeTexts(bytes, contentType)) {
    reading.add(text);
    // RFC 5545 and RFC 6350 fold long lines anywhere.
    if (/^BEGIN:V/i.test(text))
      reading.add(
        text.replace(/\r?\n[ \t]/g, "").replace(/\\([,;nN\\])/g, (_, c: string) => (/n/i.test(c) ? "\n" : c)),
      );
  }
}
