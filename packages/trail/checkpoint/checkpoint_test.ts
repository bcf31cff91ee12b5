import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { createCosigner } from "../testing/cosigner.ts";
import {
  addSignatures,
  createNoteSigner,
  createVerifierKey,
  formatCheckpoint,
  formatNote,
  formatSignature,
  NoteError,
  openNote,
  parseCheckpoint,
  parseNote,
  parseSignatures,
  parseVerifierKey,
} from "./mod.ts";
import { ARCHE, ENOCH, FOO, GO_SUM, PETER, SOFA } from "./testing/vectors.ts";

const peter = parseVerifierKey(PETER.key);
const enoch = parseVerifierKey(ENOCH.key);
const PETER_NOTE = `${PETER.text}\n${PETER.signature}`;
/** RFC 8410: what stands before the seed of a private key in DER. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

function signersOf(note: string, ...keys: readonly string[]): readonly string[] {
  const { signedBy, forgedFor } = openNote(parseNote(note), keys.map(parseVerifierKey));
  assert.deepEqual(forgedFor, []);
  return signedBy.map(({ name }) => name);
}

test("openNote() verifies what others published", () => {
  assert.deepEqual(signersOf(PETER_NOTE, PETER.key), ["PeterNeumann"]);
  assert.deepEqual(signersOf(PETER_NOTE + ENOCH.signature, PETER.key, ENOCH.key), [
    "PeterNeumann",
    "EnochRoot",
  ]);
  assert.deepEqual(signersOf(FOO.note, FOO.key), ["example.com/foo"]);
  assert.deepEqual(signersOf(GO_SUM.note, GO_SUM.key), ["sum.golang.org"]);
  assert.deepEqual(signersOf(ARCHE.note, ARCHE.key, ARCHE.witness), [
    "arche2025h1.staging.ct.transparency.dev",
    "remora.n621.de",
  ]);
});

test("openNote() passes over keys that it does not know, and names those in whose name somebody else signed", () => {
  assert.deepEqual(signersOf(PETER_NOTE, ENOCH.key, FOO.key), []);
  const changed = [
    PETER_NOTE.replace("cryptography", "Cryptography"),
    PETER_NOTE + PETER.signature.replace("x08go/ZJ", "x08go/ZK"),
    ARCHE.note.replace("1432088532", "1432088533"),
    ARCHE.note.replace("2net5wAAAABqEiEg", "2net5wAAAABqEiEh"),
  ];
  for (const note of changed) {
    const { forgedFor } = openNote(parseNote(note), [peter, parseVerifierKey(ARCHE.witness)]);
    assert.equal(forgedFor.length, 1, note);
  }
});

test("createNoteSigner() signs as Go does", () => {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(PETER.seed, "base64")]),
    format: "der",
    type: "pkcs8",
  });
  const signer = createNoteSigner("PeterNeumann", privateKey);
  assert.equal(signer.key.text, PETER.key);
  assert.equal(formatNote({ text: PETER.text, signatures: [signer.sign(PETER.text)] }), PETER_NOTE);
  assert.throws(() => createNoteSigner("a b", privateKey), NoteError);
  const { privateKey: other } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  assert.throws(() => createNoteSigner("a", other), TypeError);
});

test("parseVerifierKey() refuses every part of a key, every changed one, and other types", () => {
  const bytes = Buffer.from(PETER.key);
  for (let from = 0; from <= bytes.length; from++) {
    for (let to = from + 1; to <= bytes.length; to++) {
      if (from === 0 && to === bytes.length) continue;
      assert.throws(() => parseVerifierKey(PETER.key.slice(from, to)), NoteError);
    }
  }
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (bytes[index] ?? 0) + 1;
    assert.throws(() => parseVerifierKey(changed.toString()), NoteError, changed.toString());
  }
  // From Go's test: a key that is too long, and an unknown type, each with the id that fits it.
  for (const bad of [
    "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    `${PETER.key}\n`,
    ` ${PETER.key}`,
    PETER.key.replace("c74f20a3", "C74F20A3"),
  ]) {
    assert.throws(() => parseVerifierKey(bad), NoteError, bad);
  }
  assert.throws(() => createVerifierKey("a+b", randomBytes(32)), NoteError);
  assert.throws(() => createVerifierKey("a", randomBytes(33)), NoteError);
  assert.equal(parseVerifierKey(ARCHE.witness).type, "cosignature");
  assert.equal(parseVerifierKey(ARCHE.witness).text, ARCHE.witness);
});

test("parseNote() refuses what is no note", async (t) => {
  const { text, signature } = PETER;
  const bad = {
    "no signature": text,
    "an empty line and no signature": `${text}\n`,
    "no line break at its end": PETER_NOTE.slice(0, -1),
    "a control character": `\u0001${PETER_NOTE}`,
    "a tab": `\t${PETER_NOTE}`,
    "a carriage return": PETER_NOTE.replaceAll("\n", "\r\n"),
    "half a surrogate pair": `\ud800${PETER_NOTE}`,
    "a space in a name": `${text}\n${signature.replace("PeterNeumann", "Peter Neumann")}`,
    "a plus in a name": `${text}\n${signature.replace("PeterNeumann", "Peter+Neumann")}`,
    "a strange space in a name": `${text}\n${signature.replace("PeterNeumann", "Peter\u2003Neumann")}`,
    "no name": `${text}\n${signature.replace("PeterNeumann", "")}`,
    "a hyphen for a dash": `${text}\n${signature.replace("\u2014", "-")}`,
    "another line": `${PETER_NOTE}Unexpected line.\n`,
    "another space": `${text}\n${signature.replace("Neumann ", "Neumann  ")}`,
    "base64 without padding": `${text}\n${signature.replace("=\n", "\n")}`,
    "base64 for addresses": `${text}\n${signature.replaceAll("/", "_")}`,
    "base64 with bits left over": `${text}\n${signature.replace("nAM=", "nAN=")}`,
    "an id alone": `${text}\n\u2014 Peter x08gow==\n`,
    "101 signatures": `${text}\n${signature.repeat(101)}`,
    "more than is read": `${"x".repeat(300_000)}${PETER_NOTE}`,
    nothing: "",
  };
  for (const [what, note] of Object.entries(bad)) {
    await t.test(what, () => assert.throws(() => parseNote(note), NoteError));
  }
  assert.throws(() => parseSignatures(""), NoteError);
  assert.equal(parseNote(`${text}\n${signature.repeat(100)}`).signatures.length, 100);
  assert.equal(parseNote(`a\n\nb\n\n${signature}`).text, "a\n\nb\n");
});

test("parseNote() gives back what formatNote() wrote, and throws nothing but NoteError", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.uint8Array({ minLength: 1 }),
      (text, name, signature) => {
        const note = {
          text: `${text}\n`,
          signatures: [{ name, id: "0123abcd", signature: Buffer.from(signature) }],
        };
        const written = formatNote(note);
        try {
          assert.deepEqual(parseNote(written), note);
        } catch (error) {
          assert.ok(error instanceof NoteError, String(error));
        }
        for (const parse of [parseNote, parseCheckpoint, parseVerifierKey, parseSignatures])
          try {
            parse(text);
          } catch (error) {
            assert.ok(error instanceof NoteError, String(error));
          }
      },
    ),
  );
});

test("parseCheckpoint() reads the checkpoints of others", () => {
  const { origin, size, root, note } = parseCheckpoint(GO_SUM.note);
  assert.deepEqual([origin, size], ["go.sum database tree", 3935567]);
  assert.equal(note.text, formatCheckpoint(origin, { size, root }));
  const [log, witness] = parseCheckpoint(SOFA).note.signatures;
  assert.deepEqual([log?.name, log?.id], ["example.com/behind-the-sofa", "033de0ae"]);
  assert.deepEqual([witness?.name, witness?.signature.length], ["witness.example.com/w1", 72]);
  // The time that the specification shows for it.
  assert.equal(Buffer.from(witness?.signature ?? []).readBigUInt64BE(), 1679315147n);
  assert.equal(formatNote(parseCheckpoint(SOFA).note), SOFA);
  assert.equal(parseCheckpoint(GO_SUM.note.replace("=\n\n", "=\nan extension\n\n")).size, 3935567);
});

test("parseCheckpoint() is strict", async (t) => {
  const bad = {
    "no origin": GO_SUM.note.replace("go.sum database tree", ""),
    "a leading zero": GO_SUM.note.replace("3935567", "03935567"),
    "a sign": GO_SUM.note.replace("3935567", "+3935567"),
    hexadecimal: GO_SUM.note.replace("3935567", "0x1"),
    "a fraction": GO_SUM.note.replace("3935567", "1.5"),
    "more than a number holds": GO_SUM.note.replace("3935567", "9007199254740992"),
    "a short root": GO_SUM.note.replace("SapHtgdNCeF00Cx8kqztePV24kgzNg++Xovae42HAMw=", "AAAA"),
    "a root with bits left over": GO_SUM.note.replace("HAMw=", "HAMx="),
    "two lines": GO_SUM.note.replace("go.sum database tree\n", ""),
    "an empty extension": GO_SUM.note.replace("=\n\n", "=\n\na\n\n"),
  };
  for (const [what, note] of Object.entries(bad)) {
    await t.test(what, () => assert.throws(() => parseCheckpoint(note), NoteError));
  }
  assert.throws(() => formatCheckpoint("a\nb", { size: 0, root: randomBytes(32) }), NoteError);
});

test("verifySignature() takes a cosignature with its time, and no other key's", () => {
  const witness = createCosigner("witness.example/w1");
  const { text } = parseNote(GO_SUM.note);
  const late = witness.sign(text, 2n ** 63n);
  const good = witness.sign(text);
  const plain = { ...good, signature: good.signature.subarray(8) };
  const opened = (signature: typeof good) => openNote({ text, signatures: [signature] }, [witness.key]);
  assert.deepEqual(opened(good).signedBy, [witness.key]);
  for (const bad of [late, plain, createCosigner("witness.example/w1").sign(text)])
    assert.deepEqual(opened({ ...bad, id: witness.key.id }).forgedFor, [witness.key]);
  // The same key pair as a plain key is another key.
  assert.notEqual(createVerifierKey("a", randomBytes(32)).id, witness.key.id);
});

test("addSignatures() keeps what was signed first and has one signature of each other key", () => {
  const witness = createCosigner("w");
  const { text } = parseNote(PETER_NOTE);
  const [first, second] = [witness.sign(text, 1n), witness.sign(text, 2n)];
  const once = addSignatures(PETER_NOTE, [first]);
  assert.equal(once, PETER_NOTE + formatSignature(first));
  assert.equal(addSignatures(once, [second]), PETER_NOTE + formatSignature(second));
  const mine = parseSignatures(PETER.signature.replace("x08go/ZJ", "x08go/ZK"));
  assert.equal(addSignatures(once, mine), once);
  assert.equal(signersOf(once + ENOCH.signature, PETER.key, witness.key.text, enoch.text).length, 3);
});
