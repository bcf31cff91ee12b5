import { isAlphanumeric } from "../survey/alphanumeric.ts";
import type { Survey } from "../survey/survey.ts";
import { brokenWordBefore, readPieces } from "./_broken_text.ts";
import { isNoPlaceholder } from "./_looks_random.ts";

/** What may stand between BEGIN and PRIVATE (RFC 7468, OpenSSH, OpenPGP, SSH2). */
const ALGORITHMS = /(?:RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP|SSH2|ED25519|ANY)$/;
const MAX_ALGORITHMS = 3;

/** How the base64 of a key begins or goes on when its PEM frame is left out: PKCS #1 and #8, SEC 1, OpenSSH. */
const BODIES = [
  "b3BlbnNzaC1rZXktdjE",
  "IBADANBgkqhkiG9w0BAQEFAASC",
  "AgEAMBMGByqGSM49AgEG",
  "MC4CAQAwBQYDK2Vw",
  "AGE-SECRET-KEY-1",
  "PuTTY-User-Key-File-",
];
const PKCS1 = /MII[A-Za-z0-9+/]{3}IBAAKC[A-Za-z0-9+/]{20}/;

/** What frames the header: right before BEGIN, and right after KEY or KEY BLOCK. */
const LEFT_EDGE = /([^a-z0-9]*)$/i;
const RIGHT_EDGE = /y(?:[^a-z0-9]*b\W*l\W*o\W*c\W*k)?([^a-z0-9]*)/i;
const BODY = /[A-Za-z0-9+/]{20,}/;

/** Finds a private key: a PEM frame, whole, on one line or with broken dashes and words, or the beginning of its body. */
export function privateKey({ text }: Survey): number {
  for (const letter of ["V", "v"]) {
    for (let i = text.indexOf(letter); i >= 0; i = text.indexOf(letter, i + 1)) {
      const at = headerAt(text, i);
      if (at >= 0) return at;
    }
  }
  for (const body of BODIES) {
    const at = text.indexOf(body);
    if (at >= 0) return at;
  }
  return text.includes("IBAAKC") ? text.search(PKCS1) : -1;
}

/** Where the frame around the `V` of PRIVATE begins, or -1. */
function headerAt(text: string, v: number): number {
  const start = brokenWordBefore(text, v + 1, "PRIV", false);
  if (start < 0) return -1;
  const rest = readPieces(text, v + 1, 6, isAlphanumeric)
    .join("")
    .toUpperCase();
  if (rest !== "ATEKEY") return -1;
  const from = Math.max(0, start - 80);
  const before = text.slice(from, start);
  let words = before.toUpperCase().replace(/[^A-Z0-9]/g, "");
  for (let i = 0; i < MAX_ALGORITHMS; i++) words = words.replace(ALGORITHMS, "");
  if (!words.endsWith("BEGIN")) return -1;
  const begin = before.toUpperCase().lastIndexOf("B");
  const dashes =
    countDashes(before.slice(0, begin), LEFT_EDGE) + countDashes(text.slice(v, v + 60), RIGHT_EDGE);
  const framed =
    dashes >= 4 ||
    (dashes > 0 &&
      before
        .slice(begin)
        .replace(/[^A-Za-z]/g, "")
        .startsWith("BEGIN"));
  return framed || isNoPlaceholder(BODY.exec(text.slice(v, v + 120))?.[0] ?? "") ? from + begin : -1;
}

function countDashes(text: string, edge: RegExp): number {
  return (edge.exec(text)?.[1] ?? "").replace(/[^-]/g, "").length;
}
