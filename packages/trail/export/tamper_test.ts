import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { encodeRecord } from "../record/encode_record.ts";
import type { TrailProblem } from "../store/trail_problem.ts";
import { SAMPLE_SIGNER } from "../testing/sample_trail.ts";
import { Frontier, leafHash } from "../tree/mod.ts";
import { verifyTrail } from "../verify/mod.ts";
import { jsonlChunks } from "./jsonl_chunks.ts";
import { openExport } from "./open_export.ts";
import { packChunks } from "./pack_chunks.ts";
import { saveFile } from "./save_file.ts";
import { openSampleTrail, sampleItems } from "./testing/sample_export.ts";

type Found = readonly [seq: number | null, what: TrailProblem["what"]];
type Tamper = (lines: string[]) => string[];

const SIZE = 320;
const VERIFIERS = join(import.meta.dirname, "../standalone");
const { trail, folder } = await openSampleTrail(SIZE);
const values = ["address", "subject", "attachment_name", "caller_key", "text"] as const;
const path = join(folder, "whole.jsonl");
await saveFile(path, jsonlChunks(await sampleItems(trail, { values })));
const part = join(folder, "part.jsonl");
const time = (minute: number) => new Date(Date.parse("2026-11-23T12:00:00Z") + minute * 60_000).toISOString();
const filter = { team: "finance" };
await saveFile(part, jsonlChunks(await sampleItems(trail, { since: time(110), until: time(250), filter })));
const pack = join(folder, "pack.tar.gz");
await saveFile(pack, packChunks(await sampleItems(trail, { format: "pack", values })));
await trail.close();

/** What somebody does to an export who has a text editor, and what is found first. */
const TAMPERINGS: Readonly<Record<string, readonly [tamper: Tamper, first: Found]>> = {
  "changes a record": [edit(290, (json) => json.replace("finance", "legal")), [290, "changed"]],
  "changes a record and its leaf": [
    (lines) => withLeaf(edit(290, (json) => json.replace(/"at":"2026-11/, '"at":"2025-11'))(lines), 290),
    [199, "rewritten"],
  ],
  "changes a record, its leaf, the root and the end": [
    (lines) => resealed(rerooted(withLeaf(edit(150, (json) => json.replace("sales", "legal"))(lines), 150))),
    [99, "rewritten"],
  ],
  "puts a space into a record": [edit(290, (json) => json.replace('":', '": ')), [290, "changed"]],
  "puts a member twice": [
    edit(290, (json) => json.replace('"policy":', '"policy":null,"policy":')),
    [290, "changed"],
  ],
  "writes a number otherwise": [
    edit(290, (json) => json.replace(/"seq":290/, '"seq":290.0')),
    [290, "changed"],
  ],
  "makes a record no record": [edit(290, () => "{}"), [290, "changed"]],
  "removes a record": [(lines) => without(lines, placeOf(lines, 290)), [290, "removed"]],
  "removes the first record": [(lines) => without(lines, placeOf(lines, 0)), [0, "removed"]],
  "removes several": [
    (lines) => lines.filter((line) => !/"seq":(?:25\d|26\d),/.test(line)),
    [250, "removed"],
  ],
  "adds a record": [
    (lines) => lines.toSpliced(placeOf(lines, 290), 0, lines[placeOf(lines, 290)] ?? ""),
    [290, "added"],
  ],
  "adds a record at the end": [
    (lines) => lines.toSpliced(-1, 0, recordLine(SIZE + 1, lines)),
    [SIZE + 1, "added"],
  ],
  "swaps two neighbours": [(lines) => swapped(lines, 289, 290), [289, "reordered"]],
  "swaps two records far apart": [(lines) => swapped(lines, 42, 290), [42, "reordered"]],
  "cuts the tail off, not the end": [
    (lines) => [...lines.slice(0, placeOf(lines, 310)), ...lines.slice(-1)],
    [310, "cut_off"],
  ],
  "cuts the tail off": [(lines) => lines.slice(0, placeOf(lines, 310)), [310, "cut_off"]],
  "cuts the tail off and says so": [
    (lines) =>
      resealed(
        header([...lines.slice(0, placeOf(lines, 310)), ...lines.slice(-1)], (text) =>
          text.replace(/"to":\d+/, '"to":310').replace(/"size":\d+/, '"size":310'),
        ),
      ),
    [null, "changed"],
  ],
  "removes the end": [(lines) => lines.slice(0, -1), [null, "changed"]],
  "adds a line after the end": [(lines) => [...lines, recordLine(SIZE + 1, lines)], [SIZE + 1, "added"]],
  "changes a subject": [swap('"value":"Invoice 300', '"value":"Invoice 301'), [300, "changed"]],
  "changes an address": [swap("jane300@partner.example", "eve@rival.example"), [300, "changed"]],
  "changes a salt": [swap(/"salt":"[\da-f]{4}/, '"salt":"0000'), [4, "changed"]],
  "removes a value": [
    (lines) =>
      without(
        lines,
        lines.findIndex((line) => line.includes('"value":"Invoice 300')),
      ),
    [300, "removed"],
  ],
  "moves a value to another record": [
    (lines) => moved(lines, (line) => line.includes('"value":"Invoice 300'), placeOf(lines, 305)),
    [300, "added"],
  ],
  "says another kind of a value": [
    (lines) =>
      lines.map((line) =>
        line.includes('"value":"Invoice 300') ? line.replace('"kind":"subject"', '"kind":"text"') : line,
      ),
    [300, "changed"],
  ],
  "changes a leaf": [swap(/"hashes":"[\da-f]{4}/, '"hashes":"0000'), [0, "changed"]],
  "removes a line of leaves": [
    (lines) =>
      without(
        lines,
        lines.findIndex((line) => line.startsWith('{"leaves"')),
      ),
    [null, "changed"],
  ],
  "changes a policy text": [swap("team: finance", "team: everybody"), [0, "changed"]],
  "removes a policy text": [
    (lines) => lines.filter((line) => !line.includes("team: finance")),
    [0, "removed"],
  ],
  "changes a checkpoint's size": [swap(/sample\\n99\\n/, "sample\\n98\\n"), [99, "changed"]],
  "changes a signature": [
    (lines) =>
      lines.map((line) =>
        line.includes('"seq":199,"note"') ? line.replace(/[\w+/]{4}=\\n"/, 'AAA=\\n"') : line,
      ),
    [199, "changed"],
  ],
  "removes a checkpoint": [
    (lines) => lines.filter((line) => !line.includes('{"seq":199,"note"')),
    [199, "removed"],
  ],
  "says that values were asked for which were not": [
    (lines) => resealed(header(lines, (text) => text.replace('"values":["address"', '"values":["body"'))),
    [4, "added"],
  ],
  "says another time": [
    (lines) => resealed(header(lines, (text) => text.replace('"at":"2026', '"at":"2027'))),
    [SIZE, "changed"],
  ],
  "says another name": [
    (lines) => header(lines, (text) => text.replace("sample", "simple")),
    [null, "changed"],
  ],
  "changes line ends": [(lines) => lines.map((line) => `${line}\r`), [0, "changed"]],
  "changes the end": [swap(/"sha256":"[\da-f]{4}/, '"sha256":"0000'), [null, "changed"]],
  "adds a line that means nothing": [
    (lines) => lines.toSpliced(placeOf(lines, 290), 0, ""),
    [290, "changed"],
  ],
};

const PART_TAMPERINGS: typeof TAMPERINGS = {
  "changes a record of a part": [edit(200, (json) => json.replace("finance", "legal")), [200, "changed"]],
  "changes a withheld leaf": [swap(/\{"leaf":"[\da-f]{4}/, '{"leaf":"0000'), [110, "changed"]],
  "removes the first of a part": [(lines) => without(lines, placeOf(lines, 112)), [112, "removed"]],
  "withholds a record more": [
    (lines) =>
      lines.map((line) =>
        line.includes('"seq":200,') ? JSON.stringify({ leaf: hex(leafHash(line)) }) : line,
      ),
    [null, "changed"],
  ],
  "changes a hash on the left": [swap(/"left":\["[\da-f]{4}/, '"left":["0000'), [0, "rewritten"]],
  "changes a hash on the right": [swap(/"right":\["[\da-f]{4}/, '"right":["0000'), [null, "rewritten"]],
  "changes the root": [swap(/"root":"[\da-f]{4}/, '"root":"0000'), [null, "changed"]],
};

test("an export that was not tampered with is whole to all three verifiers", async () => {
  for (const good of [path, part]) {
    const result = await verifyTrail(await openExport(good), { keys: [SAMPLE_SIGNER.key] });
    assert.ok(result.ok, JSON.stringify(result));
    for (const { code, stdout } of await others(good, "--key", SAMPLE_SIGNER.key.text))
      assert.deepEqual([code, stdout.startsWith("Everything agrees: records ")], [0, true], stdout);
  }
});

test("verifyTrail() names what somebody does to an export who", async (t) => {
  const files: string[] = [];
  for (const [what, file, first] of tamperedFiles()) {
    files.push(file);
    await t.test(what, async () => {
      const result = await verifyTrail(await openExport(file));
      const [problem] = result.ok ? [] : result.problems;
      assert.deepEqual(
        problem && [problem.seq, problem.what],
        first,
        JSON.stringify(result, null, 1).slice(0, 2_000),
      );
    });
  }
  // Each in one process: there are many.
  const python = "import sys, verify; [print(verify.run([path]), path) for path in sys.argv[1:]]";
  const node = `const [, ...files] = process.argv;
    for (const [index, file] of files.entries()) {
      process.argv = ["", "", file];
      await import("${pathToFileURL(join(VERIFIERS, "verify.mjs"))}?" + index);
      console.log(process.exitCode, file);
    }
    process.exitCode = 0;`;
  const outputs = await Promise.all([
    run("python3", ["-c", python, ...files], VERIFIERS),
    run(process.execPath, ["--input-type=module", "-e", node, ...files]),
  ]);
  for (const file of files) {
    await t.test(`to the other verifiers: ${basename(file)}`, () => {
      for (const { stdout } of outputs)
        assert.ok(stdout.includes(`NOT as it was written\n1 ${file}\n`), stdout);
    });
  }
});

/** Writes each tampered export. */
function* tamperedFiles(): Generator<readonly [what: string, file: string, first: Found]> {
  for (const [from, tamperings] of [
    [path, TAMPERINGS],
    [part, PART_TAMPERINGS],
  ] as const) {
    const lines = readFileSync(from, "utf8").split("\n").slice(0, -1);
    for (const [what, [tamper, first]] of Object.entries(tamperings)) {
      const text = `${tamper([...lines]).join("\n")}\n`;
      assert.notEqual(text, `${lines.join("\n")}\n`, what);
      const file = join(folder, `${what.replaceAll(/\W+/g, "_")}.jsonl`);
      writeFileSync(file, text);
      yield [what, file, first];
    }
  }
}

test("the verifiers refuse a key that is not what its id says", async () => {
  const other = SAMPLE_SIGNER.key.text.replace("sample", "other");
  for (const { code } of await others(path, "--key", other)) assert.equal(code, 2);
});

test("verifyTrail() and the other verifiers agree on evidence packs", async (t) => {
  const cases: Readonly<Record<string, (root: string) => void>> = {
    whole: () => {},
    "record changed": (root) => rewrite(join(root, "records/000000.jsonl"), "sales", "legal"),
    "records removed": (root) => rmSync(join(root, "records/000000.jsonl")),
    "policy changed": (root) => rewrite(firstOf(join(root, "policies")), "team", "teams"),
    "checkpoint removed": (root) => rmSync(join(root, "checkpoints/99.txt")),
    "checkpoint changed": (root) => rewrite(join(root, "checkpoints/99.txt"), "99", "98"),
    "root changed": (root) => rewrite(join(root, "proof.json"), /"root": "..../, '"root": "0000'),
    "README changed": (root) => rewrite(join(root, "README.md"), "Evidence", "Other"),
    "manifest removed": (root) => rmSync(join(root, "manifest.json")),
  };
  for (const [what, tamper] of Object.entries(cases)) {
    await t.test(what, async () => {
      const root = join(folder, what.replace(" ", "_"));
      mkdirSync(root);
      await run("tar", ["-xzf", pack, "-C", root]);
      tamper(root);
      const result = await verifyTrail(await openExport(root));
      assert.equal(result.ok, what === "whole", JSON.stringify(result));
      for (const { code, stdout } of await others(root)) assert.equal(code, result.ok ? 0 : 1, stdout);
    });
  }
});

test("openExport() refuses packs that reach out, and bombs", async (t) => {
  const root = join(folder, "whole_pack");
  mkdirSync(root);
  await run("tar", ["-xzf", pack, "-C", root]);
  const cases: Readonly<Record<string, readonly string[]>> = {
    "a way up": ["--transform=s,^README.md,../README.md,"],
    "an absolute name": ["-P", "--transform=s,^README.md,/README.md,"],
    "a name that is none": ["--transform=s,^README.md,notes.txt,"],
  };
  const evil = join(folder, "evil.tar.gz");
  const refuses = async (want: RegExp) => {
    await assert.rejects(async () => verifyTrail(await openExport(evil)), want);
  };
  for (const [what, flags] of Object.entries(cases)) {
    await t.test(what, async () => {
      await run("tar", ["-czf", evil, ...flags, "-C", root, "proof.json", "README.md"]);
      await refuses(/^Error: Cannot read export ".*": ".*" has no place in a pack$/);
    });
  }
  await t.test("a link", async () => {
    rmSync(join(root, "README.md"));
    symlinkSync("/etc/passwd", join(root, "README.md"));
    await run("tar", ["-czf", evil, "-C", root, "proof.json", "README.md"]);
    await refuses(/README\.md" is a symlink$/);
    await assert.rejects(async () => verifyTrail(await openExport(root)), /"README\.md" is no file$/);
    for (const { code } of await others(root)) assert.equal(code, 2);
  });
  await t.test("a file that is too long", async () => {
    rmSync(join(root, "README.md"));
    await run("truncate", ["-s", "3M", join(root, "README.md")]);
    await run("tar", ["-czf", evil, "-C", root, "proof.json", "README.md"]);
    await refuses(/"README\.md" has 3145728 bytes/);
  });
  await t.test("a file cut off", async () => {
    writeFileSync(evil, readFileSync(pack).subarray(0, -1000));
    await refuses(/^Error: Cannot read export/);
  });
  await t.test("no export", async () => {
    for (const text of ["", "{}", '{"export":{}}\n', "[".repeat(100_000), "\0\0"]) {
      writeFileSync(evil, text);
      await refuses(/^Error: Cannot read export/);
      for (const { code } of await others(evil)) assert.equal(code, 2, text.slice(0, 20));
    }
  });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
}

function run(program: string, args: readonly string[], pythonPath = ""): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { env: { ...process.env, PYTHONPATH: pythonPath, PYTHONDONTWRITEBYTECODE: "1" } },
      (error, stdout) => {
        // Missing, and not merely failing.
        if (typeof error?.code === "string") reject(error);
        else resolve({ code: error?.code ?? 0, stdout });
      },
    );
  });
}

/** Runs the verifiers for strangers. */
function others(file: string, ...args: readonly string[]): Promise<readonly Ran[]> {
  return Promise.all([
    run(process.execPath, [join(VERIFIERS, "verify.mjs"), file, ...args]),
    run("python3", [join(VERIFIERS, "verify.py"), file, ...args]),
  ]);
}

function rewrite(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, "utf8");
  assert.notEqual(text, text.replace(from, to));
  writeFileSync(file, text.replace(from, to));
}

function firstOf(root: string): string {
  return join(root, readdirSync(root)[0] ?? "");
}

function placeOf(lines: readonly string[], seq: number): number {
  return lines.findIndex((line) => line.startsWith('{"assistant":') && line.includes(`"seq":${seq},"team"`));
}

function edit(seq: number, change: (json: string) => string): Tamper {
  return (lines) => lines.with(placeOf(lines, seq), change(lines[placeOf(lines, seq)] ?? ""));
}

function swap(from: string | RegExp, to: string): Tamper {
  return (lines) => {
    const place = lines.findIndex((line) => line.search(from) >= 0);
    return lines.with(place, lines[place]?.replace(from, to) ?? "");
  };
}

function without(lines: readonly string[], place: number): string[] {
  return lines.toSpliced(place, 1);
}

function swapped(lines: readonly string[], a: number, b: number): string[] {
  const [first, second] = [placeOf(lines, a), placeOf(lines, b)];
  return lines.with(first, lines[second] ?? "").with(second, lines[first] ?? "");
}

function moved(lines: readonly string[], is: (line: string) => boolean, to: number): string[] {
  const from = lines.findIndex(is);
  return without(lines.toSpliced(to + 1, 0, lines[from] ?? ""), from);
}

function recordLine(seq: number, lines: readonly string[]): string {
  return encodeRecord({ ...JSON.parse(lines[placeOf(lines, 290)] ?? ""), seq });
}

function header(lines: readonly string[], change: (text: string) => string): string[] {
  return [change(lines[0] ?? ""), ...lines.slice(1)];
}

/** Puts a record's own hash among the leaves. */
function withLeaf(lines: readonly string[], seq: number): string[] {
  const leaf = hex(leafHash(lines[placeOf(lines, seq)] ?? ""));
  return lines.map((line) => {
    const { from, hashes } = line.startsWith('{"leaves"')
      ? JSON.parse(line).leaves
      : { from: -1, hashes: "" };
    const start = (seq - from) * 64;
    if (from < 0 || start < 0 || start >= hashes.length) return line;
    return JSON.stringify({
      leaves: { from, hashes: hashes.slice(0, start) + leaf + hashes.slice(start + 64) },
    });
  });
}

/** Writes the root that the records have now. */
function rerooted(lines: readonly string[]): string[] {
  const frontier = new Frontier();
  for (const line of lines) if (line.startsWith('{"assistant":')) frontier.append(leafHash(line));
  return header(lines, (text) => text.replace(/"root":"[\da-f]+"/, `"root":"${hex(frontier.root())}"`));
}

/** Writes the end that the lines have now. */
function resealed(lines: readonly string[]): string[] {
  const body = lines.slice(0, -1);
  const sha256 = hash("sha256", body.map((line) => `${line}\n`).join(""));
  return [...body, JSON.stringify({ end: { sha256 } })];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
