import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { createVerifierKey, formatSignature, parseCheckpoint, parseVerifierKey } from "@countersign/trail";
import { createTrail, emailIntent, emailOutcome } from "../testing/create_trail.ts";
import { type CommandLine, type CommandResult, runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const trail = await createTrail(cwd, OPS);
await trail.append(emailIntent("rcp_sent", { to: "jane@client.example" }));
await trail.append(emailOutcome("rcp_sent", "accepted"));

/** The first key of the trail. */
let verifier = "";

/** Of the witness who cosigned its first checkpoint. */
let witnessKey = "";

function run(...lines: readonly (string | Partial<CommandLine>)[]): Promise<readonly CommandResult[]> {
  return runCommands(
    lines.map((line) =>
      typeof line === "string" ? { args: ["audit", ...line.split(" ")], cwd } : { args: [], cwd, ...line },
    ),
  );
}

function pem(): string {
  return String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));
}

/** A witness' cosignature of a checkpoint, made by hand. */
function cosign(
  text: string,
  { privateKey, publicKey } = generateKeyPairSync("ed25519"),
): { readonly key: string; readonly line: string } {
  const { x = "" } = publicKey.export({ format: "jwk" });
  const { id, text: key } = createVerifierKey("witness.example", Buffer.from(x, "base64url"), "cosignature");
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_790_000_000n);
  const signed = sign(null, Buffer.from(`cosignature/v1\ntime 1790000000\n${text}`), privateKey);
  const line = formatSignature({ name: "witness.example", id, signature: Buffer.concat([time, signed]) });
  return { key, line };
}

test("audit checkpoint signs beside a gateway, shows its key, and exchanges it so that old checkpoints hold", async () => {
  const [before, first, json, key, list] = await run(
    "checkpoint --show-key",
    "checkpoint",
    "checkpoint --json",
    "checkpoint --show-key",
    "checkpoint list",
  );
  assert.equal(before?.stderr, "It has not signed this trail yet\n");
  const note = first?.stdout ?? "";
  const { size, origin } = parseCheckpoint(note);
  assert.deepEqual([first?.code, size], [0, 4]);
  assert.deepEqual(
    { ...JSON.parse(json?.stdout ?? ""), root: "" },
    { result: "unchanged", seq: 4, origin, size: 4, root: "", note, failures: [] },
  );
  assert.equal(readFileSync(join(cwd, "data/checkpoints/latest.txt"), "utf8"), note);
  verifier = (key?.stdout ?? "").trim();
  assert.equal(parseVerifierKey(verifier).name, origin);
  assert.match(list?.stdout ?? "", /^SEQ .*\n4 +\d{4}-.* 4 +[\da-f]{16} +countersign\/\S+\n$/);

  copyFileSync(join(cwd, "data/checkpoints/latest.txt"), join(cwd, "kept.txt"));
  writeFileSync(join(cwd, "garbage.txt"), "garbage");
  const [rotated, verified, pinned, asJson, kinds, missing, garbage, noKey, twice] = await run(
    "checkpoint --rotate-key",
    "verify --since kept.txt",
    `verify --key ${verifier} --since kept.txt`,
    "verify --json",
    "list --kind key",
    "verify --since missing.txt",
    "verify --json --since garbage.txt",
    "verify --key nonsense",
    "checkpoint --rotate-key --show-key",
  );
  assert.equal(parseCheckpoint(rotated?.stdout ?? "").note.signatures.length, 2);
  for (const result of [verified, pinned]) {
    assert.equal(result?.code, 0, result?.stdout);
    assert.match(
      result?.stdout ?? "",
      /^2 checkpoints signed, the latest of 6 records; 1 record was added since$/m,
    );
    assert.match(result?.stdout ?? "", /^ {2}key \S+ since record 5, \S+ vouches for it, 1 checkpoint$/m);
    assert.match(result?.stdout ?? "", /^It extends the checkpoint in "kept\.txt", of 4 records$/m);
  }
  assert.equal(JSON.parse(asJson?.stdout ?? "").checkpoints.keys.length, 2);
  assert.match(kinds?.stdout ?? "", /key signing countersign\/\S+ *\n/);
  assert.deepEqual(
    [missing?.code, missing?.stderr],
    [1, 'Cannot read "missing.txt": there is no such file\n'],
  );
  assert.match(JSON.parse(garbage?.stdout ?? "").error, /^Cannot use "garbage\.txt": it cannot be read as /);
  assert.deepEqual([noKey?.code, twice?.code], [64, 64]);
  assert.match(twice?.stderr ?? "", /^[^\n]+\n$/);
});

test("audit checkpoint --cosign keeps a valid cosignature and no other", async () => {
  const note = readFileSync(join(cwd, "kept.txt"), "utf8");
  const { key, line } = cosign(parseCheckpoint(note).note.text);
  witnessKey = key;
  writeFileSync(join(cwd, "line.txt"), line);
  writeFileSync(join(cwd, "note.txt"), note + line);
  writeFileSync(join(cwd, "other.txt"), cosign("another log\n").line);
  const [unknown, other, kept, again, verified, wrong, typed] = await run(
    "checkpoint --cosign line.txt",
    `checkpoint --cosign other.txt --witness ${key}`,
    `checkpoint --cosign line.txt --witness ${key}`,
    `checkpoint --cosign note.txt --witness ${key}`,
    `verify --witness ${key}`,
    `verify --key ${createVerifierKey("x", Buffer.alloc(32, 1)).text}`,
    `verify --witness ${verifier}`,
  );
  assert.deepEqual([wrong?.code, typed?.code], [1, 64]);
  assert.match(wrong?.stdout ?? "", /^trail: forged: No checkpoint is signed by a key that is trusted$/m);
  assert.match(unknown?.stderr ?? "", /no witness is known, so give its key with --witness$/m);
  assert.match(other?.stderr ?? "", /it has no signature of a witness that is known$/m);
  for (const result of [kept, again]) assert.equal(result?.stdout, note + line);
  assert.match(
    verified?.stdout ?? "",
    /^ {2}witness witness\.example cosigned 1 checkpoint, the latest of 4 records$/m,
  );
});

test("audit verify --policy wants one checkpoint that a log and a quorum of witnesses signed", async () => {
  const another = cosign("another log\n").key;
  writeFileSync(join(cwd, "one.policy"), `log ${verifier}\nwitness W ${witnessKey}\nquorum W\n`);
  const both = `log ${verifier}\nwitness W ${witnessKey}\nwitness V ${another}\ngroup both all W V\nquorum both\n`;
  writeFileSync(join(cwd, "both.policy"), both);
  writeFileSync(join(cwd, "broken.policy"), `${both}quorum W\n`);
  const [good, json, wanting, broken, proof] = await run(
    "verify --policy one.policy",
    "verify --policy one.policy --json",
    "verify --policy both.policy",
    "verify --policy broken.policy",
    "prove rcp_sent",
  );
  assert.equal(good?.code, 0, good?.stdout);
  assert.match(good?.stdout ?? "", /^The policy is fulfilled by 1 checkpoint, the latest of 4 records$/m);
  assert.deepEqual(JSON.parse(json?.stdout ?? "").checkpoints.policy, { checkpoints: 1, size: 4 });
  assert.equal(wanting?.code, 1);
  assert.match(
    wanting?.stdout ?? "",
    /^trail: forged: No checkpoint fulfils the policy: of the last, of 6 records, 0 of 2 witnesses cosigned it, which are no quorum$/m,
  );
  assert.match(
    broken?.stderr ?? "",
    /^Cannot use "broken\.policy": Cannot read a policy: line 6: there must be one quorum$/m,
  );
  writeFileSync(join(cwd, "sent.proof"), proof?.stdout ?? "");
  writeFileSync(join(cwd, "nobody.policy"), `log ${verifier}\nquorum none\n`);
  const [held, refused] = await run(
    "verify sent.proof --policy nobody.policy",
    "verify sent.proof --policy both.policy",
  );
  assert.equal(held?.code, 0, held?.stdout);
  assert.equal(refused?.code, 1);
  assert.match(refused?.stdout ?? "", /The checkpoint does not fulfil the policy: /);
});

test("audit checkpoint asks the witnesses in AUDIT_WITNESSES, and tells what could not be delivered", async (t) => {
  const pair = generateKeyPairSync("ed25519");
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { note } = parseCheckpoint(body.slice(body.indexOf("\n\n") + 2));
    response.end(request.url === "/w/add-checkpoint" ? cosign(note.text, pair).line : "");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = {
    AUDIT_WITNESSES: `http://127.0.0.1:${port}/w/#${cosign("", pair).key}`,
    AUDIT_CHECKPOINT_TO: "file:/nowhere/",
  };
  await trail.append(emailIntent("rcp_more", { to: "jane@client.example" }));
  const [signed, json, verified] = await run(
    { args: ["audit", "checkpoint"], env },
    { args: ["audit", "checkpoint", "--json"], env },
    { args: ["audit", "verify"], env },
  );
  assert.equal(parseCheckpoint(signed?.stdout ?? "").note.signatures.length, 2);
  assert.deepEqual([signed?.code, json?.code], [1, 1]);
  assert.match(signed?.stderr ?? "", /^Cannot deliver the checkpoint to file:\/nowhere\/: /m);
  const { result, failures } = JSON.parse(json?.stdout ?? "");
  assert.deepEqual([result, failures.length, failures[0].kind], ["unchanged", 1, "file"]);
  assert.match(verified?.stdout ?? "", /^ {2}witness witness\.example cosigned 1 checkpoint, /m);
});

test("audit checkpoint lets the operator's old key vouch for a new one, and shows neither", async () => {
  const [old, next] = [pem(), pem()];
  const path = join(cwd, "old.pem");
  writeFileSync(path, old, { mode: 0o600 });
  const audit = (line: string, env: Record<string, string>) => ({
    args: ["audit", ...line.split(" ")],
    cwd,
    env,
  });
  const results = await run(
    // The generated key vouches for the operator's, and is removed.
    audit("checkpoint", { AUDIT_SIGNING_KEY: `file:${path}` }),
    audit("checkpoint --rotate-key", { AUDIT_SIGNING_KEY: `file:${path}` }),
    audit(`checkpoint --previous-key ${old.replaceAll(/\s/g, "_")}`, { AUDIT_SIGNING_KEY: next }),
    audit(`checkpoint --previous-key file:${path}`, { AUDIT_SIGNING_KEY: next }),
    "verify",
  );
  const [generated, refused, pasted, vouched, verified] = results;
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 1, 1, 0, 0],
    JSON.stringify(results),
  );
  assert.equal(parseCheckpoint(generated?.stdout ?? "").note.signatures.length, 2);
  assert.ok(!existsSync(join(cwd, "data/audit_signing_key.pem")));
  assert.match(refused?.stderr ?? "", /AUDIT_SIGNING_KEY is set/);
  assert.match(pasted?.stderr ?? "", /want "file:\/path"/);
  assert.match(vouched?.stderr ?? "", /destroy the old one \(file:.*old\.pem\)/);
  assert.equal((verified?.stdout ?? "").match(/vouches for it/g)?.length, 3);
  assert.ok(!(verified?.stdout ?? "").includes("NOBODY"));
  const shown = JSON.stringify(results);
  for (const secret of [old, next])
    assert.ok(!shown.includes(secret.split("\n")[1] ?? ""), "no key is shown");
});

test("audit checkpoint refuses a trail that does not extend what was signed, and a key that others can read", async () => {
  rmSync(join(cwd, "data/audit_signing_key.pem"), { force: true });
  const other = tempFolder();
  const restored = await createTrail(other, OPS);
  mkdirSync(join(other, "data/checkpoints"));
  copyFileSync(join(cwd, "data/checkpoints/latest.txt"), join(other, "data/checkpoints/latest.txt"));
  writeFileSync(join(other, "data/audit_signing_key.pem"), pem(), { mode: 0o644 });
  const [refused, json, readable] = await run(
    { args: ["audit", "checkpoint"], cwd: other },
    { args: ["audit", "checkpoint", "--json"], cwd: other },
    { args: ["audit", "checkpoint", "--show-key"], cwd: other },
  );
  await restored.close();
  assert.equal(refused?.code, 1);
  assert.match(refused?.stderr ?? "", /^Cannot sign the trail: the trail has 1 record, .* restored$/m);
  assert.match(JSON.parse(json?.stdout ?? "").error, /^Cannot sign the trail/);
  assert.match(readable?.stderr ?? "", /its mode is 644, so that others can read it/);
  await trail.close();
});
