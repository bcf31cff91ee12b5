#!/usr/bin/env node
// Verifies an export, an unpacked evidence pack or a proof of a Countersign audit trail:
//
//     node verify.mjs [path] [--key <verifier key>]... [--checkpoint <file>]...
//
// Node 18 or newer and nothing else. How, and why that is enough: docs/verifying.md. Without a path it verifies the pack
// that it lies in. Exits 0 when everything agrees, 1 when something does not, 2 when it cannot be read.
import { createHash, createHmac, createPublicKey, verify as verifySignature } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAX_LINE = 128 * 1024 * 1024;
const MAX_PROBLEMS = 100;
const HASH = /^[0-9a-f]{64}$/;
const MEMBERS = "assistant,at,data,kind,policy,receipt,seq,team";
const KINDS =
  "intent outcome lifecycle readback policy drift key refused access export erasure checkpoint".split(" ");
const PACK_FILE =
  /^(?:README\.md|verify\.mjs|verify\.py|proof\.json|manifest\.json|checkpoints\/\d{1,16}\.txt|policies\/[0-9a-f]{64}\.yaml|records\/\d{6}\.jsonl)$/;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (line) => sha256("\0", line);
const nodeHash = (left, right) => sha256("\u0001", left, right);
const isHash = (value) => typeof value === "string" && HASH.test(value);
const isSeq = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const bytesOf = (hex) => Buffer.from(hex, "hex");

class Unreadable extends Error {}

// The tree: roots of complete subtrees side by side.
class Stack {
  size = 0;
  entries = [];

  push(level, value) {
    this.size += 2 ** level;
    let [top, hash] = [level, value];
    while (this.entries.at(-1)?.[0] === top) hash = nodeHash(this.entries.pop()[1], hash, top++);
    this.entries.push([top, hash]);
  }

  root() {
    return this.entries.length === 0
      ? sha256("")
      : this.entries.map(([, hash]) => hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

function levelsBetween(from, to) {
  const levels = [];
  for (let start = from; start < to; start += 2 ** levels.at(-1)) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= to) level++;
    levels.push(level);
  }
  return levels;
}

// Signed notes

function decodeBase64(text) {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("it is no base64");
  return bytes;
}

function readKey(text) {
  const [, name, id, base64] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(String(text).trim()) ?? [];
  const bytes = decodeBase64(base64 ?? "!");
  if (bytes.length !== 33 || sha256(`${name}\n`, bytes).toString("hex", 0, 4) !== id)
    throw new Error("its id is not that of its key");
  const der = Buffer.concat([bytesOf("302a300506032b6570032100"), bytes.subarray(1)]);
  return {
    label: `${name}+${id}`,
    type: bytes[0],
    key: createPublicKey({ key: der, format: "der", type: "spki" }),
  };
}

function readNote(whole) {
  const cut = whole.indexOf("\n\n");
  const text = whole.slice(0, cut + 1);
  const lines = whole.slice(cut + 2).split("\n");
  if (cut < 0 || lines.pop() !== "" || lines.length === 0) throw new Error("it is no signed note");
  const signatures = lines.map((line) => {
    const [, name, base64] = /^\u2014 ([^ +]+) (\S+)$/.exec(line) ?? [];
    const bytes = decodeBase64(base64 ?? "!");
    return { label: `${name}+${bytes.toString("hex", 0, 4)}`, bytes: bytes.subarray(4) };
  });
  const [origin, size, root, ...rest] = text.split("\n");
  if (origin === "" || rest.pop() !== "" || rest.includes("") || !/^(?:0|[1-9]\d{0,15})$/.test(size))
    throw new Error("it is no checkpoint");
  const hash = decodeBase64(root);
  if (hash.length !== 32) throw new Error("its root is none");
  return { text, lines, signatures, origin, size: Number(size), root: hash.toString("hex") };
}

// With only as many signatures, from the first, as make it hash to what its record says.
function firstSigned(note, digest) {
  for (let count = 1; count <= note.lines.length; count++) {
    const whole = `${note.text}\n${note.lines.slice(0, count).join("\n")}\n`;
    if (sha256(whole).toString("hex") === digest)
      return { ...note, signatures: note.signatures.slice(0, count) };
  }
  return undefined;
}

function checkNote({ text, signatures }, keys) {
  const [good, bad] = [[], []];
  for (const { label, type, key } of keys) {
    for (const { bytes } of signatures.filter((signature) => signature.label === label)) {
      const time = type === 4 && bytes.length === 72 ? bytes.readBigUInt64BE() : undefined;
      const message = time === undefined ? text : `cosignature/v1\ntime ${time}\n${text}`;
      const signature = time === undefined ? bytes : bytes.subarray(8);
      const isValid = signature.length === 64 && verifySignature(null, Buffer.from(message), key, signature);
      (isValid ? good : bad).push(label);
    }
  }
  return { good, bad };
}

// Records

// RFC 8785: what JSON.stringify writes, with members in order.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) {
    if (typeof value === "number" && !Number.isFinite(value)) throw new Error("it is no finite number");
    return JSON.stringify(value);
  }
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

function readRecord(line) {
  try {
    const value = JSON.parse(line);
    // Half a surrogate pair has no UTF-8.
    if (!isObject(value) || canonical(value) !== line || /\\ud[89a-f]/.test(line.replaceAll("\\\\", "")))
      return undefined;
    const { seq, at, kind, team, assistant, receipt, policy, data } = value;
    const isRecord =
      Object.keys(value).join() === MEMBERS &&
      isSeq(seq) &&
      typeof at === "string" &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) &&
      KINDS.includes(kind) &&
      [team, assistant, receipt, policy].every((text) => text === null || typeof text === "string") &&
      isObject(data);
    return isRecord ? value : undefined;
  } catch {
    return undefined;
  }
}

const WHO_AND_WHY = [
  [null, "by", ["text", "address"]],
  [null, "reason", ["text"]],
];
const FIELDS = {
  intent: [
    ["recipients", "address", ["address"]],
    ...["subject", "body", "caller_key"].map((name) => [null, name, [name]]),
    [null, "original_subject", ["subject"]],
    ["attachments", "name", ["attachment_name"]],
    ["attachments", "content", ["attachment"]],
  ],
  outcome: [[null, "multimail_text", ["text"]]],
  key: [[null, "person", ["text"]]],
  lifecycle: WHO_AND_WHY,
  access: WHO_AND_WHY,
  export: [...WHO_AND_WHY, ["filter", "recipient", ["address"]], ["filter", "by", ["text", "address"]]],
  erasure: WHO_AND_WHY,
  drift: [...WHO_AND_WHY, [null, "declared", ["text"]], [null, "live", ["text"]]],
};

function namedCommitments({ kind, data }) {
  return (FIELDS[kind] ?? []).flatMap(([list, field, kinds]) => {
    const holders = list === null ? [data] : [data[list]].flat();
    return holders
      .map((holder) => (isObject(holder) && Object.hasOwn(holder, field) ? holder[field] : undefined))
      .filter(isHash)
      .map((commitment) => ({ commitment, kinds }));
  });
}

// An export, line by line

class Export {
  problems = [];
  otherwise = [];
  signed = 0;
  #stack = new Stack();
  #leaves = { from: 0, hashes: Buffer.of() };
  #place;
  #notes = new Map();
  #roots = new Map();
  #watched;
  #policies = new Set();
  #named = new Map();
  #record;
  #line = "";
  #found = new Set();
  #absent = [];
  #erased = new Set();
  #erasedBelow = new Map();
  #isBroken = false;
  #isWhole;

  constructor(header, { keys, outside }) {
    if (!isObject(header) || header.format !== "countersign-export@v1")
      throw new Unreadable("its format is not countersign-export@v1");
    const { from, to, size, root, left, right, values } = header;
    if (![from, to, size].every(isSeq) || from > to || to > size)
      throw new Unreadable("its from, to and size are no range");
    for (const [hashes, levels] of [
      [left, levelsBetween(0, from)],
      [right, levelsBetween(to, size)],
    ]) {
      if (!Array.isArray(hashes) || hashes.length !== levels.length || !hashes.every(isHash))
        throw new Unreadable("its left and right are not the hashes of its range");
    }
    if (!isHash(root) || !Array.isArray(values)) throw new Unreadable("its root or values are missing");
    this.header = { ...header, filter: isObject(header.filter) ? header.filter : {} };
    this.isPinned = keys.length > 0;
    this.keys = this.isPinned ? keys : [header.keys ?? []].flat().map(readKey);
    this.outside = outside;
    for (const [index, level] of levelsBetween(0, from).entries())
      this.#stack.push(level, bytesOf(left[index]));
    this.#place = from;
    this.#isWhole = from === 0 && to === size;
    this.#watched = new Set(outside.map(({ note }) => note.size));
    this.#watch();
  }

  addCheckpoint(seq, whole) {
    const { from, to, size, root } = this.header;
    let note;
    try {
      note = readNote(whole);
    } catch {
      // It is reported with its record.
    }
    const isInside = seq >= from && seq < to;
    if (isInside) this.#notes.set(seq, note);
    if (!isInside && note?.size !== size)
      this.#report(null, "changed", `Checkpoint ${seq} is not one that covers the records`);
    if (note === undefined) return;
    this.#watched.add(note.size);
    this.#watch();
    if (note.size === size && note.root !== root)
      this.#report(null, "changed", `Checkpoint ${seq} does not say what the proof says`);
    if (isInside) return;
    const { good, bad } = checkNote(note, this.keys);
    if (good.length > 0) this.signed++;
    if (bad.length > 0) this.#report(null, "forged", `Checkpoint ${seq} has a signature that is not valid`);
  }

  addPolicy(hash, text) {
    this.#policies.add(hash);
    if (sha256(text).toString("hex") !== hash)
      this.#report(null, "changed", `The text of policy ${hash} does not hash to its name`);
  }

  addLine(line) {
    const name = /^\{"(export|checkpoint|policy|leaves|leaf|value|end)":/.exec(line)?.[1];
    if (name === undefined) {
      this.#addRecord(line);
      return;
    }
    try {
      const value = JSON.parse(line);
      if (Object.keys(value).length !== 1) throw new Error("it has other members");
      this.#addOther(name, value[name]);
    } catch {
      this.#report(this.#place, "changed", `A line ${name} is not one`);
    }
  }

  finish() {
    this.#endRecord();
    const { to } = this.header;
    if (!this.#isBroken && this.#place < to)
      this.#report(this.#place, "cut_off", `Records from ${this.#place} on are cut off`);
    else if (!this.#isBroken && this.#place > to)
      this.#report(to, "added", `There are records from ${to} on that do not belong here`);
    else if (this.problems.length === 0) this.#checkRoot();
    for (const seq of this.#notes.keys()) {
      if (this.problems.length === 0)
        this.#report(seq, "removed", `Record ${seq} is missing: a checkpoint's note is left of it`);
    }
    if ((this.header.filter.team ?? null) === null) {
      for (const [hash, seq] of this.#named)
        if (!this.#policies.has(hash)) this.#report(seq, "removed", `The text of policy ${hash} is missing`);
    }
    if (this.#isWhole && !this.#isBroken) this.#checkAbsent();
    if (this.problems.length === 0)
      for (const message of this.otherwise) this.#report(null, "changed", message);
    const place = ([seq]) => seq ?? Number.MAX_VALUE;
    this.problems.sort((a, b) => place(a) - place(b));
  }

  #report(seq, what, message) {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push([seq, what, message]);
  }

  #watch() {
    const { size } = this.#stack;
    if (this.#watched.has(size)) this.#roots.set(size, this.#stack.root().toString("hex"));
  }

  #addOther(name, value) {
    if (name === "checkpoint" && isSeq(value.seq) && typeof value.note === "string")
      this.addCheckpoint(value.seq, value.note);
    else if (name === "policy" && typeof value.text === "string") this.addPolicy(value.hash, value.text);
    else if (name === "leaves" && isSeq(value.from) && /^[0-9a-f]*$/.test(value.hashes))
      this.#leaves = { from: value.from, hashes: bytesOf(value.hashes) };
    else if (name === "leaf" && isHash(value)) this.#addWithheld(bytesOf(value));
    else if (name === "value" && isHash(value.commitment) && isHash(value.salt)) this.#addValue(value);
    else throw new Error("it has no place here");
  }

  #addWithheld(leaf) {
    this.#endRecord();
    this.#isWhole = false;
    const seq = this.#place++;
    if (!(this.#leafAt(seq)?.equals(leaf) ?? true))
      this.#report(seq, "changed", `Record ${seq}, which is withheld, has another leaf`);
    this.#push(leaf);
  }

  #addRecord(line) {
    this.#endRecord();
    const seq = this.#place++;
    const record = readRecord(line);
    const leaf = leafHash(line);
    if (record === undefined) {
      this.#report(seq, "changed", `Record ${seq} is not the canonical JSON of a record`);
    } else if (record.seq !== seq) {
      if (!this.#isBroken)
        this.#report(seq, "reordered", `Line ${seq} of the records holds record ${record.seq}`);
      this.#isBroken = true;
    } else if (!this.#isBroken && !(this.#leafAt(seq)?.equals(leaf) ?? true)) {
      this.#report(seq, "changed", `Record ${seq} does not hash to its leaf`);
    }
    this.#push(leaf);
    if (record?.seq !== seq || this.#isBroken) return;
    [this.#record, this.#line, this.#found] = [record, line, new Set()];
    this.#lookAt(record);
  }

  #leafAt(seq) {
    const start = (seq - this.#leaves.from) * 32;
    const { hashes } = this.#leaves;
    return start >= 0 && start < hashes.length ? hashes.subarray(start, start + 32) : undefined;
  }

  #push(leaf) {
    if (this.#stack.size >= this.header.to) return;
    this.#stack.push(0, leaf);
    this.#watch();
  }

  #lookAt({ seq, at, kind, data }) {
    if (kind === "checkpoint") this.#checkCheckpoint(seq, data);
    if (kind === "policy" && data.result === "loaded" && Array.isArray(data.files)) {
      for (const file of data.files)
        if (typeof file?.hash === "string" && !this.#named.has(file.hash)) this.#named.set(file.hash, seq);
    }
    if (kind === "erasure") this.#addErasure(seq, data);
    if (seq !== this.header.record) return;
    const said = ({ since, until, values, filter }) =>
      canonical({ since, until, values, filter: filter ?? {} });
    if (kind !== "export" || at !== this.header.at || said(data) !== said(this.header))
      this.#report(seq, "changed", "The export does not say of itself what its record says");
  }

  #addErasure(seq, { commitments, below }) {
    if (Array.isArray(commitments)) for (const one of commitments) this.#erased.add(one);
    if (!isObject(below) || !isSeq(below.seq) || !Array.isArray(below.kinds)) return;
    for (const kind of below.kinds)
      this.#erasedBelow.set(kind, Math.max(this.#erasedBelow.get(kind) ?? 0, Math.min(below.seq, seq)));
  }

  #checkCheckpoint(seq, data) {
    if (!this.#notes.has(seq)) {
      this.#report(seq, "removed", `The note of checkpoint ${seq} is missing`);
      return;
    }
    const whole = this.#notes.get(seq);
    this.#notes.delete(seq);
    const note = whole && firstSigned(whole, data.note);
    if (note === undefined) {
      this.#report(seq, "changed", `The note of checkpoint ${seq} is not the one that was signed`);
      return;
    }
    if (note.origin !== data.origin || note.size !== data.size || note.root !== data.root || note.size > seq)
      this.#report(seq, "changed", `Checkpoint ${seq} does not say what its note says`);
    const { good, bad } = checkNote(note, this.keys);
    if (good.length > 0) this.signed++;
    const isKnown = this.keys.some(({ label }) => label === data.key);
    if (bad.length > 0 || (isKnown && !good.includes(data.key)))
      this.#report(seq, "forged", `Checkpoint ${seq} has no valid signature by the key that it names`);
    if (!this.#isBroken && (this.#roots.get(note.size) ?? note.root) !== note.root)
      this.#report(note.size, "rewritten", `Checkpoint ${seq} signed other records`);
  }

  #addValue({ seq, commitment, salt, kind, value }) {
    if (seq !== this.#place - 1 || !this.header.values.includes(kind))
      this.#report(seq, "added", `A ${kind} of record ${seq} is where none belongs`);
    if (this.#record === undefined) return;
    this.#found.add(commitment);
    if (!this.#line.includes(`"${commitment}"`))
      this.#report(seq, "added", `Record ${seq} names no commitment to a ${kind}`);
    else if (createHmac("sha256", bytesOf(salt)).update(`${kind}\0${value}`).digest("hex") !== commitment)
      this.#report(seq, "changed", `The ${kind} of record ${seq} is not the one it commits to`);
  }

  #endRecord() {
    const { values } = this.header;
    if (this.#record !== undefined && values.length > 0) {
      for (const { commitment, kinds } of namedCommitments(this.#record)) {
        if (!this.#found.has(commitment) && kinds.every((kind) => values.includes(kind)))
          this.#absent.push({ seq: this.#record.seq, commitment, kinds });
      }
    }
    this.#record = undefined;
  }

  #checkAbsent() {
    for (const { seq, commitment, kinds } of this.#absent) {
      const isErased =
        this.#erased.has(commitment) || kinds.some((kind) => seq < (this.#erasedBelow.get(kind) ?? 0));
      if (!isErased) this.#report(seq, "removed", `A value of record ${seq} is missing`);
    }
  }

  #checkRoot() {
    const { to, size, root, right } = this.header;
    for (const [index, level] of levelsBetween(to, size).entries())
      this.#stack.push(level, bytesOf(right[index]));
    this.#watch();
    if (this.#stack.root().toString("hex") !== root)
      this.#report(null, "rewritten", "The records do not hash to the root");
    for (const { name, note } of this.outside) {
      const { good, bad } = checkNote(note, this.keys);
      if (bad.length > 0 || good.length === 0)
        this.#report(null, "forged", `The checkpoint ${name} is not signed by a known key`);
      if (note.size > size) this.#report(size, "cut_off", `The checkpoint ${name} signed more records`);
      else if ((this.#roots.get(note.size) ?? note.root) !== note.root)
        this.#report(0, "rewritten", `The checkpoint ${name} signed other records`);
    }
    if (this.isPinned && this.signed === 0 && this.#isWhole)
      this.#report(null, "forged", "No checkpoint is signed by a key that is trusted");
  }
}

// Files

/** The lines of a file with their line breaks, as bytes. */
function* linesOf(path) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(1 << 20);
  let rest = Buffer.of();
  try {
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, length)]);
      let start = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
        yield rest.subarray(start, end + 1);
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (rest.length > MAX_LINE) throw new Unreadable("a line is too long");
    }
  } finally {
    closeSync(file);
  }
  if (rest.length > 0) yield rest;
}

function addBytes(bytes, target, name) {
  if (bytes.at(-1) !== 10) target.otherwise.push(`The last line of ${name} is cut off`);
  target.addLine(bytes.toString("utf8").replace(/\n$/, ""));
}

function readJsonl(path, options) {
  const digest = createHash("sha256");
  let target;
  let end;
  for (const bytes of linesOf(path)) {
    const isEnd = bytes.subarray(0, 7).toString() === '{"end":';
    if (!isEnd) digest.update(bytes);
    if (target === undefined) target = new Export(JSON.parse(bytes.toString("utf8")).export, options);
    else if (end !== undefined) target.problems.push([null, "added", "There are lines after the end"]);
    else if (isEnd) end = /^\{"end":\{"sha256":"([0-9a-f]{64})"\}\}\n$/.exec(bytes.toString())?.[1] ?? "";
    else addBytes(bytes, target, path);
  }
  if (end !== digest.digest("hex"))
    target.otherwise.push("The SHA-256 of the export is not the one in its last line");
  return target;
}

function packFiles(folder) {
  const visible = (name) => !name.startsWith(".");
  return readdirSync(folder)
    .filter(visible)
    .flatMap((name) =>
      lstatSync(join(folder, name)).isDirectory()
        ? readdirSync(join(folder, name))
            .filter(visible)
            .map((inner) => `${name}/${inner}`)
        : [name],
    )
    .sort()
    .map((name) => {
      if (PACK_FILE.test(name) && lstatSync(join(folder, name)).isFile()) return name;
      throw new Unreadable(`${JSON.stringify(name)} has no place in a pack`);
    });
}

function readPack(folder, options) {
  const names = packFiles(folder);
  if (!names.includes("proof.json")) throw new Unreadable("it has no proof.json");
  const target = new Export(JSON.parse(readFileSync(join(folder, "proof.json"), "utf8")), options);
  let files = {};
  try {
    files = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")).files;
  } catch {
    target.otherwise.push("The pack has no manifest.json that can be read");
  }
  for (const name of Object.keys(files))
    if (!names.includes(name)) target.otherwise.push(`${name} is missing from the pack`);
  for (const name of names.filter((one) => one !== "manifest.json")) {
    const [digest, stem] = [createHash("sha256"), name.replace(/^.*\/|\.\w+$/g, "")];
    if (name.startsWith("records/")) {
      for (const bytes of linesOf(join(folder, name))) {
        digest.update(bytes);
        addBytes(bytes, target, name);
      }
    } else {
      const bytes = readFileSync(join(folder, name));
      digest.update(bytes);
      if (name.startsWith("checkpoints/")) target.addCheckpoint(Number(stem), bytes.toString("utf8"));
      if (name.startsWith("policies/")) target.addPolicy(stem, bytes);
    }
    if (files[name]?.sha256 !== digest.digest("hex"))
      target.otherwise.push(`${name} is not as it was written`);
  }
  return target;
}

// Proofs

function isIncluded({ record, index, path }, { size, root }) {
  if (index >= size) return false;
  let [first, last, hash] = [index, size - 1, leafHash(record)];
  for (const sibling of path.map(bytesOf)) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      hash = nodeHash(sibling, hash);
      while (first % 2 === 0 && first !== 0) [first, last] = [first / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [first, last] = [Math.floor(first / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.toString("hex") === root;
}

function proofProblems(proof, keys) {
  const { size, root, records, checkpoint = null } = proof;
  if (!isSeq(size) || !isHash(root) || !Array.isArray(records)) throw new Unreadable("it is no proof");
  const problems = records.length === 0 ? [[null, "removed", "It proves nothing"]] : [];
  if (checkpoint !== null) {
    const note = readNote(checkpoint);
    const { good, bad } = checkNote(note, keys.length > 0 ? keys : (proof.keys ?? []).map(readKey));
    if (note.size !== size || note.root !== root)
      problems.push([null, "changed", "The checkpoint does not say what the proof says"]);
    if (bad.length > 0 || good.length === 0)
      problems.push([null, "forged", "The checkpoint is not signed by a known key"]);
  } else if (keys.length > 0) {
    problems.push([null, "forged", "There is no checkpoint, and so no signature"]);
  }
  for (const one of records) {
    if (!isSeq(one.index) || !Array.isArray(one.path) || !one.path.every(isHash))
      throw new Unreadable("it is no proof");
    if (readRecord(one.record)?.seq !== one.index || !isIncluded(one, proof))
      problems.push([one.index, "changed", `Record ${one.index} is not proved to be in the tree`]);
  }
  return problems;
}

// The command

function optionsOf(args) {
  const options = { path: undefined, keys: [], outside: [] };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (arg === "--key") options.keys.push(readKey(args[++index]));
    else if (arg === "--checkpoint") {
      const name = args[++index] ?? "";
      options.outside.push({ name, note: readNote(readFileSync(name, "utf8")) });
    } else if (arg.startsWith("-") || options.path !== undefined)
      throw new Unreadable("write verify.mjs [path] [--key <verifier key>] [--checkpoint <file>]");
    else options.path = arg;
  }
  return { ...options, path: options.path ?? fileURLToPath(new URL(".", import.meta.url)) };
}

function run(args) {
  const options = optionsOf(args);
  const { path, keys } = options;
  if (!existsSync(path)) throw new Unreadable(`there is no ${path}`);
  const isFolder = statSync(path).isDirectory();
  const start = isFolder ? Buffer.of() : (linesOf(path).next().value ?? Buffer.of());
  if (start[0] === 0x1f && start[1] === 0x8b)
    throw new Unreadable("unpack it first: tar -xzf, into an empty folder");
  if (!isFolder && !start.toString("utf8", 0, 10).startsWith('{"export":')) {
    const proof = JSON.parse(readFileSync(path, "utf8"));
    if (proof?.format !== "countersign-proof@v1")
      throw new Unreadable("it is neither an export, nor an unpacked pack, nor a proof");
    return report(proofProblems(proof, keys), `${proof.records.length} records of ${proof.size}`);
  }
  const target = isFolder ? readPack(path, options) : readJsonl(path, options);
  target.finish();
  const { from, to, size, root } = target.header;
  const whose = target.isPinned ? "" : " (by keys that it names itself)";
  return report(
    target.problems,
    `records ${from} to ${to - 1} of ${size}, root ${root}; ${target.signed} signed checkpoints${whose}`,
  );
}

function report(problems, about) {
  for (const [seq, what, message] of problems)
    console.log(`${seq === null ? "whole" : `record ${seq}`}: ${what}: ${message}`);
  console.log(problems.length > 0 ? "NOT as it was written" : `Everything agrees: ${about}`);
  return problems.length > 0 ? 1 : 0;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  console.error(`Cannot verify: ${error.message}`);
  process.exitCode = 2;
}
