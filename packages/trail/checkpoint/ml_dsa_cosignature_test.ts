import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createVerifierKey, NoteError, openNote, parseNote, parseVerifierKey } from "./mod.ts";
import { parseWitness } from "./signing/mod.ts";

/** Signed by OpenSSL's ML-DSA-44 in Node 24, over a message that was put together apart from this code. */
const VECTOR = JSON.parse(
  readFileSync(new URL("../testdata/ml_dsa_cosignature.json", import.meta.url), "utf8"),
) as { readonly key: string; readonly note: string };

test("openNote() verifies a cosignature by ML-DSA-44, and none of another tree, time, log or name", () => {
  const key = parseVerifierKey(VECTOR.key);
  assert.equal(key.type, "ml_dsa_cosignature");
  assert.deepEqual(openNote(parseNote(VECTOR.note), [key]).signedBy, [key]);
  // Extension lines are not signed.
  assert.deepEqual(openNote(parseNote(VECTOR.note.replace("extension", "another")), [key]).signedBy, [key]);
  const note = parseNote(VECTOR.note);
  const flipped = (at: number) => {
    const signatures = note.signatures.map((one) => {
      const signature = Buffer.from(one.signature);
      signature[at] = (signature[at] ?? 0) ^ 1;
      return { ...one, signature };
    });
    return { ...note, signatures };
  };
  const wrong = [
    parseNote(VECTOR.note.replace("20852163", "20852164")),
    parseNote(VECTOR.note.replace("example.com/behind", "example.org/behind")),
    parseNote(VECTOR.note.replace("CsUYap", "CsUYaq")),
    flipped(7),
    flipped(8),
    flipped(2427),
    { ...note, text: "No tree head\n" },
    {
      ...note,
      signatures: note.signatures.map((one) => ({ ...one, signature: one.signature.subarray(0, 72) })),
    },
  ];
  for (const [index, one] of wrong.entries())
    assert.deepEqual(openNote(one, [key]).forgedFor, [key], `case ${index}`);
  // Its name is signed, too.
  const renamed = createVerifierKey("witness.example/other", key.key as Uint8Array, key.type);
  const signatures = note.signatures.map((one) => ({ ...one, name: renamed.name, id: renamed.id }));
  assert.deepEqual(openNote({ ...note, signatures }, [renamed]).forgedFor, [renamed]);
});

test("parseWitness() takes a key of ML-DSA-44, and createVerifierKey() none of another length", () => {
  assert.equal(parseWitness({ url: "https://witness.example", key: VECTOR.key }).key.text, VECTOR.key);
  assert.throws(() => createVerifierKey("w", Buffer.alloc(32), "ml_dsa_cosignature"), NoteError);
  assert.throws(() => createVerifierKey("w", Buffer.alloc(1312), "cosignature"), NoteError);
});
