import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, hash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { createNoteSigner } from "../checkpoint/mod.ts";
import { recordSigningKey, signCheckpoint, signingKeyHistory } from "../checkpoint/signing/mod.ts";
import { jsonlChunks } from "../export/jsonl_chunks.ts";
import { openExport } from "../export/open_export.ts";
import { type SampleExport, sampleItems } from "../export/testing/sample_export.ts";
import { encodeRecord } from "../record/encode_record.ts";
import { policyEntry } from "../record/policy.ts";
import type { TrailEntry } from "../record/record.ts";
import { Sealer } from "../record/sealed.ts";
import { openSqliteTrail } from "../store/sqlite/mod.ts";
import { rawDatabase } from "../store/sqlite/raw_database.ts";
import type { TrailStore } from "../store/store.ts";
import { erasure, intent, lifecycle, NOON, outcome, withData } from "../testing/entries.ts";
import { appendSampleTrail, SAMPLE_ORIGIN, SAMPLE_SIGNER } from "../testing/sample_trail.ts";
import { Frontier, leafHash } from "../tree/mod.ts";
import { verifyTrail } from "../verify/mod.ts";

const NAMES = ["address", "subject", "attachment_name", "caller_key", "text"] as const;
const NEXT_SIGNER = createNoteSigner(
  SAMPLE_ORIGIN,
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${"09".repeat(32)}`, "hex"),
    format: "der",
    type: "pkcs8",
  }),
);
const folder = mkdtempSync(join(tmpdir(), "agreement-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers that are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

/** Trails of which each has something that others do not: keys that are exchanged, erasures, approvals by a person. */
async function makeTrail(seed: number): Promise<string> {
  const path = join(folder, `trail${seed}.sqlite`);
  const trail = await openSqliteTrail(path);
  const roll = dice(seed);
  let signer = SAMPLE_SIGNER;
  await appendSampleTrail(trail, 12 + roll(12));
  const size = 50 + roll(40);
  for (let { size: seq } = await trail.head(); seq < size; { size: seq } = await trail.head()) {
    const at = NOON + seq * 60_000;
    const kind = roll(12);
    if (kind === 0) {
      await signCheckpoint(trail, { origin: SAMPLE_ORIGIN, signers: [signer], at, head: await trail.head() });
    } else if (kind === 1 && signer === SAMPLE_SIGNER && seed % 3 !== 0) {
      const [current = null] = await signingKeyHistory(trail);
      const predecessor = seed % 3 === 1 ? SAMPLE_SIGNER : undefined;
      await recordSigningKey(trail, { signer: NEXT_SIGNER, current, predecessor, at });
      signer = NEXT_SIGNER;
    } else if (kind === 2) {
      const commitments = await commitmentsBelow(trail, seq, roll);
      await trail.append({ ...erasure({ commitments }), at });
    } else if (kind === 3 && seed % 2 === 0) {
      await trail.append({ ...erasure({ below: { seq: roll(seq), kinds: ["body"] } }), at });
    } else await trail.append(emailEntry(seq, { at, kind, team: roll(2) === 0 ? "finance" : "sales" }));
  }
  await trail.close();
  return path;
}

function emailEntry(
  seq: number,
  { at, kind, team }: { readonly at: number; readonly kind: number; readonly team: string },
): TrailEntry {
  const common = { at, team, assistant: `${team}-bot`, policy: null };
  if (kind < 8) return intent(`rcp_${seq}`, { ...common, subject: `Invoice ${seq} "é\u2028"` });
  if (kind === 8) return outcome(`rcp_${seq}`, "accepted", common);
  if (kind === 9) {
    const commit = { id: "c0".repeat(20), author: `Ann ${seq} <ann@acme.example>`, isDirty: true };
    return policyEntry({ result: "loaded", files: [] }, { at, policy: "cc".repeat(32), commit });
  }
  const sealer = new Sealer();
  const entry = lifecycle(`rcp_${seq}`, "approved", common);
  const by = sealer.seal("text", `Ann ${seq}`);
  return { ...withData(entry, { by }), sealed: sealer.values };
}

async function commitmentsBelow(trail: TrailStore, seq: number, roll: (sides: number) => number) {
  const found: string[] = [];
  for await (const { commitment } of trail.values({ fromSeq: roll(seq), toSeq: seq })) {
    if (found.length < 3) found.push(commitment);
  }
  return found;
}

/** What is written out of each trail. */
const EXPORTS: Readonly<Record<string, SampleExport>> = {
  plain: {},
  values: { values: NAMES },
  bodies: { values: [...NAMES, "body", "attachment"] },
  team: { filter: { team: "finance" }, values: NAMES },
  part: { since: minute(20), until: minute(45), values: NAMES },
  "part of a team": { since: minute(10), filter: { team: "sales" } },
  unsigned: { isSigned: false },
};

function minute(count: number): string {
  return new Date(NOON + count * 60_000).toISOString();
}

type Tamper = (lines: readonly string[], roll: (sides: number) => number) => readonly string[];

const isRecord = (line: string): boolean => line.startsWith('{"assistant":');
const isValue = (line: string): boolean => line.startsWith('{"value":');

/** What somebody does to the lines of an export. Where there is nothing to be done, it stays as it was. */
const TAMPERINGS: Readonly<Record<string, Tamper>> = {
  nothing: (lines) => lines,
  "changes a record": one(isRecord, (line) => line.replace('"policy":', '"policy":"x","policy2":')),
  "writes a date that does not exist": one(isRecord, (line) =>
    line.replace(/"at":"2026-1\d-\d\d/, '"at":"2026-02-30'),
  ),
  "removes a record": many(isRecord, () => []),
  "repeats a record": many(isRecord, (line) => [line, line]),
  "withholds a record": one(isRecord, (line) => JSON.stringify({ leaf: hex(leafHash(line)) })),
  "withholds every denial, or outcome": (lines) =>
    lines.map((line) =>
      isRecord(line) && /"(?:deny|outcome)"/.test(line)
        ? JSON.stringify({ leaf: hex(leafHash(line)) })
        : line,
    ),
  "withholds what no filter withholds": (lines) =>
    lines.map((line) =>
      isRecord(line) && /"kind":"(?:key|export|erasure)"/.test(line)
        ? JSON.stringify({ leaf: hex(leafHash(line)) })
        : line,
    ),
  "changes a value": one(isValue, (line) => line.replace('"value":"', '"value":"x')),
  "removes a value": many(isValue, () => []),
  "repeats a value": many(isValue, (line) => [line, line]),
  "gives a value another kind": one(isValue, (line) => line.replace(/"kind":"\w+"/, '"kind":"body"')),
  "gives a value another record": one(isValue, (line) => line.replace(/"seq":\d+/, '"seq":3')),
  "puts half a surrogate pair into a value": one(isValue, (line) =>
    line.replace('"value":"', '"value":"\\ud83c'),
  ),
  "puts a member into a line": one(
    (line) => /^\{"(?:value|checkpoint|policy|leaves)"/.test(line),
    (line) => line.replace(/\}\}$/, ',"more":1}}'),
  ),
  "puts a member twice": one(
    (line) => /^\{"(?:value|checkpoint)"/.test(line),
    (line) => line.replace(/"seq":/, '"seq":1,"seq":'),
  ),
  "puts a space into a line": one(
    (line) => !isRecord(line),
    (line) => line.replace(":", ": "),
  ),
  "repeats a checkpoint": many(starts("checkpoint"), (line) => [line, line]),
  "removes a checkpoint": many(starts("checkpoint"), () => []),
  "removes all checkpoints": (lines) => lines.filter((line) => !starts("checkpoint")(line)),
  "changes a signature": one(starts("checkpoint"), (line) => line.replace(/....=*\\n"/, 'AAA=\\n"')),
  "changes a checkpoint's size": one(starts("checkpoint"), (line) =>
    line.replace(/\\n(\d+)\\n/, "\\n1$1\\n"),
  ),
  "changes a checkpoint's origin": one(starts("checkpoint"), (line) => line.replace("sample", "simple")),
  "puts the checkpoints last": (lines) => [
    ...lines.filter((line) => !starts("checkpoint")(line)),
    ...lines.filter(starts("checkpoint")),
  ],
  "changes a policy": one(starts("policy"), (line) => line.replace("team: ", "team: x")),
  "removes a policy": many(starts("policy"), () => []),
  "repeats a policy": many(starts("policy"), (line) => [line, line]),
  "changes a leaf": one(starts("leaves"), (line) => line.replace(/"hashes":"..../, '"hashes":"0000')),
  "removes the leaves": many(starts("leaves"), () => []),
  "moves the leaves": one(starts("leaves"), (line) => line.replace(/"from":(\d+)/, '"from":1$1')),
  "changes a withheld leaf": one(starts("leaf"), (line) => line.replace(/"leaf":"..../, '"leaf":"0000')),
  "cuts the tail off": (lines, roll) => lines.slice(0, -1 - roll(5)),
  "puts an empty line in": (lines, roll) => lines.toSpliced(1 + roll(lines.length - 1), 0, ""),
  ...Object.fromEntries(
    Object.entries({
      origin: '"countersign/other"',
      record: "null",
      at: '"2026-11-25T12:00:00.000Z"',
      since: '"2026-11-23T12:05:00.000Z"',
      until: '"2026-02-30T12:00:00.000Z"',
      filter: '{"team":"finance","assistant":null,"receipt":null,"rule":null,"effect":null}',
      values: '["body"]',
      keys: "[]",
      size: "1000",
      more: "1",
    }).map(([name, json]) => [`says another ${name}`, says(name, json)]),
  ),
  "says no filter": says("filter", '{"team":null,"assistant":null,"receipt":null,"rule":null,"effect":null}'),
  "says the origin twice": ([header = "", ...rest]) => [
    header.replace('"origin":', '"origin":"x","origin":'),
    ...rest,
  ],
  "rewrites all of it": (lines) => {
    const changed = lines.map((line) => (isRecord(line) ? line.replace("-bot", "-box") : line));
    return rehashed(changed);
  },
  "writes an erased value back": (lines) => {
    const [, commitment = "0"] = /"commitments":\["([0-9a-f]{64})"/.exec(lines.join("\n")) ?? [];
    const value = ERASED.get(commitment);
    const place = lines.findIndex((line) => isRecord(line) && line.includes(`"${commitment}"`));
    return value === undefined || place < 0 ? lines : lines.toSpliced(place + 1, 0, value);
  },
  "says of a value that is there that it was erased": (lines) => {
    const [, commitment = ""] = /"commitment":"([0-9a-f]{64})"/.exec(lines.find(isValue) ?? "") ?? [];
    const place = lines.findIndex((line) => line.includes('"kind":"erasure"'));
    if (commitment === "" || place < 0) return lines;
    const record = JSON.parse(lines[place] ?? "");
    const data = { ...record.data, commitments: [commitment] };
    return rehashed(lines.with(place, encodeRecord({ ...record, data })));
  },
};

/** Lines of values that were erased later, by commitment. */
const ERASED = new Map<string, string>();

test("all verifiers say the same of generated trails, exports and tamperings", async (t) => {
  const all: string[] = [];
  const live: { readonly path: string; readonly file: string }[] = [];
  for (let seed = 1; seed <= 3; seed++) {
    const path = await makeTrail(seed);
    const trail = await openSqliteTrail(path);
    for (const [name, changes] of Object.entries(EXPORTS)) {
      const lines = await linesOf(await sampleItems(trail, changes));
      for (const [what, tamper] of Object.entries(TAMPERINGS)) {
        const roll = dice(seed * 1000 + all.length);
        const tampered = tamper(lines, roll);
        if (what !== "nothing" && tampered.join("\n") === lines.join("\n")) continue;
        // Three trails by seven exports by fifty ways are more than is needed.
        if (what !== "nothing" && all.length % 2 === 1 && roll(3) > 0 && !/erased|withholds/.test(what))
          continue;
        const file = join(folder, `${seed} ${name} ${what}.jsonl`);
        writeFileSync(file, `${[...tampered, endOf(tampered)].join("\n")}\n`);
        all.push(file);
        if (writePack(file.replace(".jsonl", ""), tampered)) all.push(file.replace(".jsonl", ""));
      }
    }
    await trail.close();
    for (const [what, sql] of Object.entries(LIVE)) {
      const copy = join(folder, `${seed} live ${what}.sqlite`);
      copyFileSync(path, copy);
      const db = rawDatabase(copy);
      db.exec(sql);
      db.close();
      const store = await openSqliteTrail(copy);
      const file = join(folder, `${seed} live ${what}.jsonl`);
      writeFileSync(
        file,
        (await linesOf(await sampleItems(store, { values: [...NAMES, "body", "attachment"] }), true)).join(
          "\n",
        ),
      );
      await store.close();
      live.push({ path: copy, file });
      all.push(file);
    }
  }
  const keyed = all.filter((file, index) => / nothing/.test(file) || index % 3 === 0);
  for (const [files, ...args] of [[all], [keyed, "--key", SAMPLE_SIGNER.key.text]] as const) {
    const [node, python] = await Promise.all([
      verdicts(process.execPath, [join(import.meta.dirname, "verify.mjs"), "--json", ...args, ...files]),
      verdicts("python3", ["-B", join(import.meta.dirname, "verify.py"), "--json", ...args, ...files]),
    ]);
    const own = new Map<string, string>();
    for (const file of files) own.set(file, await ownVerdict(file, args.length > 0));
    const good = files.filter((file) => own.get(file)?.startsWith("whole"));
    t.diagnostic(`${files.length} files, ${good.length} whole ${args.length > 0 ? "with a key" : ""}`);
    for (const file of files) {
      const name = `${basename(file)} ${args.length > 0 ? "with a key" : ""}`;
      assert.deepEqual(
        { node: node.get(file), python: python.get(file) },
        { node: own.get(file), python: own.get(file) },
        name,
      );
      // The same lines in another form are the same.
      const other = file.endsWith(".jsonl") ? undefined : own.get(`${file}.jsonl`);
      if (other !== undefined) assert.equal(own.get(file), other, name);
      // The second trail's next key has no vouch.
      const isSigned = args.length === 0 || !/ unsigned |\/2 /.test(file);
      const isHonest = isSigned && / nothing(?:\.jsonl)?$/.test(file);
      if (isHonest) assert.match(own.get(file) ?? "", /^whole/, name);
      // Of a part, and of records that are withheld, not everything can be known; a checkpoint less proves less.
      else if (/ (?:plain|values|bodies) (?!nothing|removes a checkpoint)/.test(file))
        assert.equal(own.get(file), "not whole", name);
    }
    if (args.length > 0) continue;
    for (const { path, file } of live) {
      const store = await openSqliteTrail(path, { readonly: true });
      const result = await verifyTrail(store);
      await store.close();
      assert.equal(
        result.ok,
        own.get(file)?.startsWith("whole"),
        `${basename(path)} ${JSON.stringify(result)}`,
      );
    }
  }
});

/** What somebody does who has the database, which an export of it shows too. */
const LIVE: Readonly<Record<string, string>> = {
  nothing: "SELECT 1",
  "removes a value": "DELETE FROM sealed WHERE id = (SELECT min(id) FROM sealed WHERE kind = 'subject')",
  "changes a value":
    "UPDATE sealed SET value = 'x' WHERE id = (SELECT max(id) FROM sealed WHERE kind = 'subject')",
  "changes a salt": "UPDATE sealed SET salt = zeroblob(32) WHERE id = (SELECT max(id) FROM sealed)",
  "changes a note":
    "UPDATE checkpoints SET note = replace(note, 'sample', 'simple') WHERE seq = (SELECT min(seq) FROM checkpoints)",
  "changes a policy":
    "UPDATE policy_texts SET text = text || 'x' WHERE hash = (SELECT min(hash) FROM policy_texts)",
};

async function ownVerdict(file: string, isPinned: boolean): Promise<string> {
  try {
    const keys = isPinned ? [SAMPLE_SIGNER.key] : [];
    const { ok, shown, withheld } = await verifyTrail(await openExport(file), { keys });
    return ok ? `whole: ${shown} shown, ${withheld} withheld` : "not whole";
  } catch {
    return "not whole";
  }
}

/** What another verifier says of each file. */
function verdicts(program: string, args: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout) => {
      if (typeof error?.code === "string") reject(error);
      const found = stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
      resolve(
        new Map(
          found.map(({ path, ok, shown, withheld }) => [
            path,
            ok ? `whole: ${shown} shown, ${withheld} withheld` : "not whole",
          ]),
        ),
      );
    });
  });
}

/** Writes lines as an unpacked pack; false: they cannot be files. */
function writePack(root: string, lines: readonly string[]): boolean {
  const files = new Map<string, string>();
  const rest: string[] = [];
  for (const [index, line] of lines.entries()) {
    const name = /^\{"(\w+)":/.exec(line)?.[1] ?? "";
    try {
      const value = JSON.parse(line)[name];
      if (JSON.stringify({ [name]: value }) !== line && name !== "assistant") return false;
      if (name === "export") {
        if (index > 0) return false;
        files.set("proof.json", `${JSON.stringify(value, undefined, 2)}\n`);
      } else if (name === "checkpoint" || name === "policy") {
        const file = name === "policy" ? `policies/${value.hash}.yaml` : `checkpoints/${value.seq}.txt`;
        if (rest.length > 0 || files.has(file) || Object.keys(value).length !== 2) return false;
        files.set(file, name === "policy" ? value.text : value.note);
      } else rest.push(line);
    } catch {
      rest.push(line);
    }
  }
  files.set("records/000000.jsonl", rest.map((line) => `${line}\n`).join(""));
  const digests = [...files].map(([name, text]) => [
    name,
    { bytes: Buffer.byteLength(text), sha256: hash("sha256", text) },
  ]);
  const manifest = { format: "countersign-pack@v1", files: Object.fromEntries(digests) };
  files.set("manifest.json", `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const inner of ["", "checkpoints", "policies", "records"])
    mkdirSync(join(root, inner), { recursive: true });
  for (const [name, text] of files) writeFileSync(join(root, name), text);
  return true;
}

async function linesOf(
  items: Parameters<typeof jsonlChunks>[0],
  isWhole = false,
): Promise<readonly string[]> {
  let text = "";
  for await (const chunk of jsonlChunks(items)) text += chunk;
  const lines = text.split("\n");
  for (const line of lines.filter(isValue)) ERASED.set(JSON.parse(line).value.commitment, line);
  return isWhole ? lines : lines.slice(0, -2);
}

function endOf(lines: readonly string[]): string {
  const sha256 = hash("sha256", lines.map((line) => `${line}\n`).join(""));
  return JSON.stringify({ end: { sha256 } });
}

/** Writes the leaves and the root that whole lines have now. */
function rehashed(lines: readonly string[]): readonly string[] {
  const header = JSON.parse(lines[0] ?? "").export;
  const leaves = lines.flatMap((line) =>
    isRecord(line)
      ? [leafHash(line)]
      : starts("leaf")(line)
        ? [Buffer.from(JSON.parse(line).leaf, "hex")]
        : [],
  );
  const tree = new Frontier();
  if (header.from !== 0 || header.to !== header.size) return lines;
  for (const leaf of leaves) tree.append(leaf);
  return lines.map((line, index) => {
    if (index === 0) return JSON.stringify({ export: { ...header, root: hex(tree.root()) } });
    return starts("leaves")(line)
      ? JSON.stringify({ leaves: { from: 0, hashes: leaves.map(hex).join("") } })
      : line;
  });
}

function starts(name: string): (line: string) => boolean {
  return (line) => line.startsWith(`{"${name}":`);
}

function says(name: string, json: string): Tamper {
  return ([header = "", ...rest]) => {
    const value = JSON.parse(header).export;
    return [JSON.stringify({ export: { ...value, [name]: JSON.parse(json) } }), ...rest];
  };
}

function many(is: (line: string) => boolean, change: (line: string) => readonly string[]): Tamper {
  return (lines, roll) => {
    const places = lines.flatMap((line, index) => (is(line) && index > 0 ? [index] : []));
    const place = places[roll(places.length || 1)];
    return place === undefined ? lines : lines.toSpliced(place, 1, ...change(lines[place] ?? ""));
  };
}

function one(is: (line: string) => boolean, change: (line: string) => string): Tamper {
  return many(is, (line) => [change(line)]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
