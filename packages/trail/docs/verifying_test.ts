import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openNote, parseCheckpoint, parseVerifierKey } from "../checkpoint/mod.ts";
import { encodeRecord } from "../record/encode_record.ts";
import type { Json } from "../record/json.ts";
import { namedCommitments } from "../record/named_commitments.ts";
import { RECORD_KINDS } from "../record/record_kind.ts";
import { commitmentOf } from "../record/sealed.ts";
import { leafHash, nodeHash } from "../tree/mod.ts";

const guide = readFileSync(new URL("verifying.md", import.meta.url), "utf8");
const blockOf = (language: string) =>
  new RegExp(`^\`\`\`${language}\n(.+?)^\`\`\``, "ms").exec(guide)?.[1] ?? "";
const lines = blockOf("jsonl").split("\n").slice(0, -1);
const [leaf0 = "", leaf1 = "", leaf2 = "", node01 = "", root = ""] = [
  ...guide.matchAll(/^\| (?:leaf|node|root)[^|]*\| `([\da-f]{64})` \|$/gm),
].map(([, value = ""]) => value);

test("the guide's example is made of canonical records, and its hashes are theirs", () => {
  assert.equal(lines.length, 3);
  for (const line of lines) assert.equal(encodeRecord(JSON.parse(line)), line);
  const leaves = lines.map(leafHash);
  assert.deepEqual(leaves.map(hex), [leaf0, leaf1, leaf2]);
  const node = nodeHash(leaves[0] as Uint8Array, leaves[1] as Uint8Array);
  assert.deepEqual([hex(node), hex(nodeHash(node, leaves[2] as Uint8Array))], [node01, root]);
});

test("the guide's commitment is that to what it says", () => {
  const salt = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  assert.equal(JSON.parse(lines[1] ?? "").data.subject, commitmentOf(salt, "subject", "Invoice 42"));
});

test("the guide's checkpoint is of that tree, and signed by its key", () => {
  const checkpoint = parseCheckpoint(blockOf("note"));
  assert.deepEqual([checkpoint.size, hex(checkpoint.root)], [3, root]);
  const key = parseVerifierKey(/signed by the key `([^`]+)`/.exec(guide)?.[1] ?? "");
  assert.deepEqual(openNote(checkpoint.note, [key]).signedBy, [key]);
  const [name, id, base64] = key.text.split("+", 3);
  const typed = Buffer.from(key.text.slice(`${name}+${id}+`.length), "base64");
  assert.ok(base64);
  assert.equal(hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), typed])).slice(0, 8), id);
});

test("the guide names every kind of record, and every field that holds a commitment", () => {
  const one = "ab".repeat(32);
  const fields = [
    "by",
    "reason",
    "subject",
    "body",
    "caller_key",
    "multimail_text",
    "declared",
    "live",
    "person",
  ];
  const lists = { recipients: [{ address: one }], attachments: [{ name: one, content: one }] };
  const data = { ...Object.fromEntries(fields.map((field) => [field, one])), ...lists };
  for (const kind of RECORD_KINDS) {
    assert.ok(guide.includes(`\`${kind}\``), kind);
    const count = namedCommitments(kind, data).length;
    assert.ok(count === 0 || new RegExp(`^\\|[^|]*\`${kind}\`[^|]*\\|`, "m").test(guide), kind);
  }
  for (const field of fields) assert.match(guide, new RegExp(`\`${field}\``), field);
});

test("the two verifiers know the commitments of every kind of record", () => {
  const python = execFileSync(
    "python3",
    [
      "-B",
      "-c",
      "import json, verify; print(json.dumps({k: [f[:2] for f in v] for k, v in verify.FIELDS.items()}))",
    ],
    {
      cwd: new URL("../standalone/", import.meta.url),
      encoding: "utf8",
    },
  );
  const known: Record<string, readonly (readonly [string | null, string])[]> = JSON.parse(python);
  for (const kind of RECORD_KINDS) {
    const commitment = "ab".repeat(32);
    const items: Record<string, Record<string, string>> = {};
    const data: Record<string, Json> = {};
    for (const [list, field] of known[kind] ?? []) {
      if (list === null) data[field] = commitment;
      else items[list] = { ...items[list], [field]: commitment };
    }
    for (const [list, item] of Object.entries(items)) data[list] = [item];
    assert.equal(namedCommitments(kind, data).length, (known[kind] ?? []).length, kind);
  }
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
