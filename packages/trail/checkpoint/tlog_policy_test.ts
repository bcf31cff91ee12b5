import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { createCosigner } from "../testing/cosigner.ts";
import {
  createNoteSigner,
  createVerifierKey,
  formatCheckpoint,
  formatNote,
  NoteError,
  parseCheckpoint,
  parseTlogPolicy,
  wantingOf,
} from "./mod.ts";

const log = createNoteSigner("log.example", generateKeyPairSync("ed25519").privateKey);
const cosigners = Array.from({ length: 6 }, (_, index) => createCosigner(`witness.example/w${index}`));
const WITNESSES = cosigners.map(({ key }, index) => `witness W${index} ${key.text}`).join("\n");

const text = formatCheckpoint("log.example", { size: 7, root: randomBytes(32) });

/** A checkpoint that these of the witnesses cosigned. */
function cosigned(witnesses: readonly number[], by = log) {
  const more = witnesses.flatMap((index) => cosigners[index]?.sign(text) ?? []);
  return parseCheckpoint(formatNote({ text, signatures: [by.sign(text), ...more] }));
}

test("wantingOf() counts groups of groups as C2SP's example does", () => {
  const policy = parseTlogPolicy(`log ${log.key.text}
${WITNESSES}
group X-witnesses 2 W0 W1 W2
group Y-witnesses any W3 W4 W5
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`);
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3, 4, 5]), (witnesses) => {
      const x = witnesses.filter((index) => index < 3).length;
      const wanting = wantingOf(cosigned(witnesses), policy);
      if (x >= 2 && witnesses.length > x) assert.equal(wanting, undefined);
      else assert.equal(wanting, `${witnesses.length} of 6 witnesses cosigned it, which are no quorum`);
    }),
    { numRuns: 64 },
  );
});

test("wantingOf() wants a log's signature, under its origin, and none that is forged", () => {
  const other = createNoteSigner("other.example", generateKeyPairSync("ed25519").privateKey);
  const policy = (lines: string) => parseTlogPolicy(`${WITNESSES}\n${lines}\n`);
  const ofLog = policy(`log ${log.key.text} https://log.example/\nquorum none`);
  assert.equal(wantingOf(cosigned([]), ofLog), undefined);
  assert.equal(wantingOf(cosigned([], other), ofLog), "no log signed it");
  assert.equal(
    wantingOf(cosigned([], other), policy(`log ${other.key.text}\nquorum none`)),
    "no log signed it",
  );
  assert.equal(wantingOf(cosigned([], other), policy("quorum none")), undefined);
  const { note, ...head } = cosigned([2]);
  const forged = note.signatures.map((one, index) =>
    index === 0 ? one : { ...one, signature: Buffer.alloc(72) },
  );
  assert.equal(
    wantingOf({ ...head, note: { ...note, signatures: forged } }, policy("group all-w 1 W1 W2\nquorum W1")),
    'a signature in the name of witness "witness.example/w2" is not valid',
  );
});

test("parseTlogPolicy() names the line of what C2SP forbids", () => {
  const [first = "", second = ""] = WITNESSES.split("\n");
  const key = cosigners[0]?.key;
  assert.ok(key?.type === "cosignature");
  const renamed = createVerifierKey(
    "another.example",
    Buffer.from(key.text.split("+").slice(2).join("+"), "base64").subarray(1),
    "cosignature",
  );
  const cases: readonly (readonly [text: string, message: RegExp])[] = [
    ["", /: it must have a line "quorum"$/],
    ["quorum W0\n", /line 1: "W0" must be defined on a line before$/],
    [`quorum none\nquorum none\n`, /line 2: there must be one quorum$/],
    ["witnes a b\n", /line 1: it must begin with log, witness, group or quorum$/],
    [`${first}\n${first.replace("W0", "W9")}\n`, /line 2: there must be one witness with this public key$/],
    [`${first}\nwitness W9 ${renamed.text}\n`, /line 2: there must be one witness with this public key$/],
    [`${first}\n${second.replace("W1", "W0")}\n`, /line 2: "W0" is defined already$/],
    [`${first.replace("W0", "none")}\n`, /line 1: "none" is no name that can be given$/],
    [`${first}\ngroup g 2 W0\n`, /line 2: "2" must be all, any, or 1 to 1$/],
    [`${first}\ngroup g 0 W0\n`, /line 2: "0" must be all, any, or 1 to 1$/],
    [`${first}\ngroup g all\n`, /line 2: it must be "group/],
    [`${first}\ngroup g all W0 W0\n`, /line 2: "W0" must be a member once at most$/],
    [`${first}\ngroup g all W0\ngroup h all W0 g\n`, /line 3: "W0" must be a member once at most$/],
    [`${first}\ngroup g all none\n`, /line 2: "none" must be defined on a line before$/],
    [`log ${cosigners[0]?.key.text}\n`, /line 1: its key must be of a log$/],
    [`witness W0 ${log.key.text}\n`, /line 1: its key must be of a witness$/],
    [`log ${log.key.text}\r\n`, /line 1: a control character is in it$/],
  ];
  for (const [text, message] of cases)
    assert.throws(
      () => parseTlogPolicy(text),
      (error: Error) => {
        assert.ok(error instanceof NoteError);
        assert.match(error.message, message);
        return true;
      },
    );
  const policy = parseTlogPolicy(`  # of us\n\n\t${first}\thttps://w.example/\n  quorum\tW0  \n`);
  assert.deepEqual([policy.logs.length, policy.witnesses.length], [0, 1]);
});
