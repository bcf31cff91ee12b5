import { SaxesParser } from "saxes";

/** What is told of an XML document while it is read. Names are without their prefixes, in lower case. */
export interface XmlReader {
  readonly onElement?: (name: string, attributes: ReadonlyMap<string, string>) => void;
  readonly onText?: (text: string, element: string) => void;
  readonly onInstruction?: (target: string, text: string) => void;
  readonly onDoctype?: (text: string) => void;
}

/** Encodings of XML that are read; UTF-16 only with a byte order mark. Others show a program what they do not show us. */
const ENCODINGS: Readonly<Record<string, string>> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "us-ascii": "utf-8",
  "iso-8859-1": "latin1",
  "windows-1252": "windows-1252",
};

/** Reads an XML document; returns false when it is not well-formed, or in an encoding that is not known. Total. */
export function readXml(bytes: Uint8Array, reader: XmlReader): boolean {
  const text = decodeXml(bytes);
  if (text === undefined) return false;
  const parser = new SaxesParser({ xmlns: false });
  const open: string[] = [];
  let failed = false;
  parser.on("error", () => {
    failed = true;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = localName(name);
    open.push(element);
    const entries = Object.entries(attributes).map(
      ([key, value]) => [localName(key), String(value)] as const,
    );
    reader.onElement?.(element, new Map(entries));
  });
  parser.on("closetag", () => void open.pop());
  const onText = (part: string) => reader.onText?.(part, open.at(-1) ?? "");
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("processinginstruction", ({ target, body }) => reader.onInstruction?.(target, body));
  parser.on("doctype", (doctype) => reader.onDoctype?.(doctype));
  try {
    for (let at = 0; at < text.length && !failed; at += 65_536) parser.write(text.slice(at, at + 65_536));
    if (!failed) parser.close();
  } catch {
    return false;
  }
  return !failed;
}

function decodeXml(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /^(?:\xef\xbb\xbf|ï»¿)?<\?xml\s[^>]*?encoding\s*=\s*["']([\w.-]+)["']/i.exec(head)?.[1];
  const encoding = declared === undefined ? "utf-8" : ENCODINGS[declared.toLowerCase()];
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1).toLowerCase();
}
