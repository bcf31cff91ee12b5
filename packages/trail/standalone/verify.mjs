#!/usr/bin/env node
// Verifies exports, unpacked evidence packs and proofs of a Countersign audit trail:
//
//     node verify.mjs [path]... [--key <verifier key>]... [--checkpoint <file>]... [--witness <verifier key>]...
//                     [--record <file>] [--json]
//
// Node 18 or newer and nothing else. How, and why that is enough: verifying.md. Without a path it verifies the pack that it
// lies in. Exits 0 when everything agrees, 1 when something does not, 2 when it cannot be read.
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

const MIB = 1024 * 1024;
const MAX_LINE = 64 * MIB;
const MAX_RECORD = MIB;
const MAX_DEPTH = 64;
const MAX_NOTE = MIB / 4;
const MAX_NOTES = 512 * MIB;
const MAX_PROOF = 64 * MIB;
const MAX_KEYS = 1000;
const MAX_FILES = 1_000_000;
const MAX_PROBLEMS = 100;
const TILE = 256;

const KINDS =
  "intent outcome lifecycle approval notice readback policy drift key refused access export erasure checkpoint".split(
    " ",
  );
const VALUES = "address subject body attachment_name attachment caller_key text".split(" ");
const FILTERS = "team assistant receipt rule effect kind recipient email by user".split(" ");

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (line) => sha256("\0", line);
const nodeHash = (left, right) => sha256("\u0001", left, right);
const isText = (value) => typeof value === "string";
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isSeq = (value) => Number.isSafeInteger(value) && value >= 0;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (value, is) => Array.isArray(value) && value.every(is);
const bytesOf = (hex) => Buffer.from(hex, "hex");
const membersOf = (value) => (isObject(value) ? Object.keys(value).sort().join() : "");
/** Of a function that throws: undefined. */
const attempt = (read, ...args) => {
  try {
    return read(...args);
  } catch {
    return undefined;
  }
};

/** It is no export at all. */
class Unreadable extends Error {}

/** Nothing more needs to be looked at. */
class Enough extends Error {}

/** What does not agree. */
class Problems {
  found = [];

  add(seq, what, message) {
    this.found.push({ seq, what, message });
    if (this.found.length >= MAX_PROBLEMS) throw new Enough();
  }
}

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
    const hashes = this.entries.map(([, hash]) => hash);
    return hashes.length === 0 ? sha256("") : hashes.reduceRight((right, left) => nodeHash(left, right));
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

// Signed notes, checkpoints, and the keys that sign them

function decodeBase64(text) {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("it is no base64");
  return bytes;
}

const KEY_NAME = /^[^\s+\p{Z}\p{Cc}\p{Cs}]{1,255}$/u;

function readKey(text) {
  const [, name = "", id, base64 = "!"] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = decodeBase64(base64);
  if (!KEY_NAME.test(name) || bytes.length !== 33 || ![1, 4].includes(bytes[0]))
    throw new Error("it is no verifier key");
  if (sha256(`${name}\n`, bytes).toString("hex", 0, 4) !== id)
    throw new Error("its id is not that of its key");
  const der = Buffer.concat([bytesOf("302a300506032b6570032100"), bytes.subarray(1)]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return { text, label: `${name}+${id}`, type: bytes[0], key };
}

function readSigningKey(text) {
  const key = readKey(text);
  if (key.type !== 1) throw new Error("it is a witness' key");
  return key;
}

function readNote(whole) {
  if (!isText(whole) || Buffer.byteLength(whole) > MAX_NOTE || /[^\P{Cc}\n\u007f-\u009f]|\p{Cs}/u.test(whole))
    throw new Error("it is no note");
  const cut = whole.lastIndexOf("\n\n");
  const lines = whole.slice(cut + 2).split("\n");
  if (cut < 0 || lines.pop() !== "" || lines.length === 0 || lines.length > 100)
    throw new Error("it is no signed note");
  const signatures = lines.map((line) => {
    const [dash, name = "", base64 = "!", ...rest] = line.split(" ");
    const bytes = decodeBase64(base64);
    if (dash !== "\u2014" || !KEY_NAME.test(name) || bytes.length < 5 || rest.length > 0)
      throw new Error("it has a line that is no signature");
    return { line, label: `${name}+${bytes.toString("hex", 0, 4)}`, bytes: bytes.subarray(4) };
  });
  return { text: whole.slice(0, cut + 1), signatures };
}

function readCheckpoint(whole) {
  const note = readNote(whole);
  const [origin, size, root, ...rest] = note.text.split("\n");
  if (origin === "" || rest.pop() !== "" || rest.includes("") || !/^(?:0|[1-9]\d{0,15})$/.test(size))
    throw new Error("it is no checkpoint");
  const hash = decodeBase64(root);
  if (hash.length !== 32 || !isSeq(Number(size))) throw new Error("its size or root is none");
  return { ...note, origin, size: Number(size), root: hash.toString("hex") };
}

const vouchText = (verifier) => `countersign signing key\n${verifier}\n`;

/** A signed note by which a key names its successor. */
function readVouch(whole) {
  const note = readNote(whole);
  const successor = readSigningKey(note.text.split("\n")[1] ?? "");
  if (note.text !== vouchText(successor.text)) throw new Error("it is no vouch");
  return { ...note, successor };
}

/** With only as many signatures, from the first, as make it hash to what its record says. */
function firstSigned(note, digest) {
  const hash = createHash("sha256").update(`${note.text}\n`);
  for (const [index, { line }] of note.signatures.entries()) {
    hash.update(`${line}\n`);
    if (hash.copy().digest("hex") === digest)
      return { ...note, signatures: note.signatures.slice(0, index + 1) };
  }
  return undefined;
}

function isSigned(text, bytes, { type, key }) {
  if (type === 1) return bytes.length === 64 && verifySignature(null, Buffer.from(text), key, bytes);
  if (bytes.length !== 72) return false;
  const time = bytes.readBigUInt64BE();
  const message = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
  return time < 2n ** 63n && verifySignature(null, message, key, bytes.subarray(8));
}

/** Which of these keys signed, and in whose names there is something else. */
function openNote({ text, signatures }, keys) {
  const [good, bad] = [[], []];
  for (const key of new Set(keys)) {
    const own = signatures.filter(({ label }) => label === key.label);
    if (own.length > 0) (own.every(({ bytes }) => isSigned(text, bytes, key)) ? good : bad).push(key);
  }
  return { good, bad };
}

/** The keys that sign a trail's checkpoints: those given count, and for whom they vouch; if none is given, all. */
class Keys {
  #known = new Map();

  constructor(given) {
    this.arePinned = given.length > 0;
    for (const key of given) this.#known.set(key.label, { key, since: null, counts: true });
  }

  /** What the header says of keys whose records come before those that are there. */
  declare(keys, vouches) {
    for (const key of keys.map(readSigningKey)) {
      if (!this.#known.has(key.label))
        this.#known.set(key.label, { key, since: null, counts: !this.arePinned });
    }
    for (const vouch of vouches.map(readVouch)) {
      const known = this.#known.get(vouch.successor.label) ?? { key: vouch.successor, since: null };
      if (this.open(vouch).good.some(({ counts }) => counts))
        this.#known.set(vouch.successor.label, { ...known, counts: true });
    }
  }

  add(seq, { change, verifier, previous, vouch }, problems) {
    if (change !== "signing") return;
    const key = attempt(readSigningKey, String(verifier));
    if (key === undefined) {
      problems.add(seq, "forged", `Record ${seq} names a signing key that is none`);
      return;
    }
    const known = this.#known.get(key.label);
    if (known !== undefined && known.since !== null) return;
    const before = isText(previous) ? this.#known.get(previous) : undefined;
    const note = isText(vouch) && before !== undefined ? attempt(readNote, vouch) : undefined;
    const isVouched = note?.text === vouchText(key.text) && openNote(note, [before.key]).good.length === 1;
    if (isText(vouch) && before !== undefined && !isVouched)
      problems.add(seq, "forged", `Record ${seq} says that a key vouches for a new one, which it does not`);
    const counts = known?.counts || !this.arePinned || (isVouched && before.counts);
    this.#known.set(key.label, { key, since: seq, counts });
  }

  open(note) {
    const known = new Map(
      note.signatures.flatMap(({ label }) => {
        const found = this.#known.get(label);
        return found === undefined ? [] : [[found.key, found]];
      }),
    );
    const { good, bad } = openNote(note, known.keys());
    return { good: good.map((key) => known.get(key)), bad };
  }

  /** The first record that names a key that counts. */
  get countsSince() {
    const places = [...this.#known.values()].filter(({ counts, since }) => counts && since !== null);
    return Math.min(...places.map(({ since }) => since));
  }
}

// Records

/** RFC 8785: what JSON.stringify writes, with members in order. */
function canonical(value, depth = 0) {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error("it is no finite number");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth === MAX_DEPTH) throw new Error("it is too deep");
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join()}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name], depth + 1)}`).join()}}`;
}

function isTime(text) {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  return isText(text) && time.test(text) && attempt(() => new Date(text).toISOString()) === text;
}

const RECORD = "assistant,at,data,kind,policy,receipt,seq,team";

function readRecord(text) {
  if (Buffer.byteLength(text) > MAX_RECORD) return undefined;
  const value = attempt(JSON.parse, text);
  if (!isObject(value) || Object.keys(value).join() !== RECORD) return undefined;
  // Half a surrogate pair has no UTF-8.
  if (attempt(canonical, value) !== text) return undefined;
  if (text.includes("\\ud") && /\\ud[89a-f]/.test(text.replaceAll("\\\\", ""))) return undefined;
  const { seq, at, kind, team, assistant, receipt, policy, data } = value;
  const areTexts = [team, assistant, receipt, policy].every((one) => one === null || isText(one));
  return isSeq(seq) && isTime(at) && KINDS.includes(kind) && areTexts && isObject(data) ? value : undefined;
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
    ["facts", "live", ["text"]],
    ...["issuer", "subject", "address", "claims"].map((name) => ["person", name, ["text"]]),
  ],
  outcome: [[null, "multimail_text", ["text"]]],
  key: [[null, "person", ["text"]]],
  policy: [[null, "author", ["text"]]],
  lifecycle: WHO_AND_WHY,
  approval: [
    ...["by", "stands_for"].map((name) => [null, name, ["address"]]),
    ...["identity", "reason"].map((name) => [null, name, ["text"]]),
  ],
  access: WHO_AND_WHY,
  export: [
    ...WHO_AND_WHY,
    ["filter", "recipient", ["address"]],
    ["filter", "by", ["text", "address"]],
    ["filter", "user", ["text"]],
  ],
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

// Erasures, which are read before everything else: one explains what is absent, and forbids what is there

class Erasures {
  #named = new Set();
  #below = new Map();
  #place;

  constructor(from) {
    this.#place = from;
  }

  /** Takes a line; false: it is no record's, and what follows explains nothing. */
  add(line) {
    const start = line.toString("latin1", 0, 20);
    const name = LINE.exec(start)?.[1];
    if (name === "leaf") this.#place++;
    if (name !== undefined) return true;
    const seq = this.#place++;
    if (!start.startsWith('{"assistant":')) return false;
    const record = line.includes('"kind":"erasure"') ? readRecord(decode(line) ?? "") : undefined;
    if (record?.seq === seq && record.kind === "erasure") this.#addErasure(seq, record.data);
    return true;
  }

  #addErasure(seq, { commitments, below }) {
    for (const one of Array.isArray(commitments) ? commitments : []) this.#named.add(one);
    if (!isObject(below) || !Number.isSafeInteger(below.seq) || !Array.isArray(below.kinds)) return;
    // What came after the erasure, it did not erase.
    for (const kind of below.kinds)
      this.#below.set(kind, Math.max(this.#below.get(kind) ?? 0, Math.min(below.seq, seq)));
  }

  has(seq, commitment, kinds) {
    return this.#named.has(commitment) || kinds.some((kind) => seq < (this.#below.get(kind) ?? 0));
  }
}

// What an export says of itself

const areHashes = (value, levels) => isListOf(value, isHash) && value.length === levels.length;
const areTexts = (value, is) => isListOf(value, isText) && value.length <= MAX_KEYS && value.every(is);
const canBe = (read) => (text) => attempt(read, text) !== undefined;
const HEADER = {
  format: (value) => value === "countersign-export@v1",
  origin: (value) => isText(value) && /^[^\p{Cc}\p{Cs}]{1,1024}$/u.test(value),
  at: isTime,
  record: isSeq,
  since: (value) => value === null || isTime(value),
  until: (value) => value === null || isTime(value),
  filter: (value) =>
    isObject(value) &&
    Object.entries(value).every(
      ([name, text]) => FILTERS.includes(name) && (text === null || isText(text)),
    ) &&
    FILTERS.slice(0, 5).every((name) => Object.hasOwn(value, name)),
  values: (value) => areTexts(value, (kind) => VALUES.includes(kind)) && new Set(value).size === value.length,
  from: isSeq,
  to: (value, { from }) => isSeq(value) && isSeq(from) && from <= value,
  size: (value, { to }) => isSeq(value) && isSeq(to) && to <= value,
  root: isHash,
  keys: (value) => areTexts(value, canBe(readSigningKey)),
  vouches: (value) => value === undefined || areTexts(value, canBe(readVouch)),
  left: (value, { from }) => areHashes(value, levelsBetween(0, from)),
  right: (value, { to, size }) => areHashes(value, levelsBetween(to, size)),
};

function readHeader(header) {
  if (!isObject(header)) throw new Unreadable("it does not begin as an export does");
  for (const [name, is] of Object.entries(HEADER))
    if (!is(header[name], header)) throw new Unreadable(`its "${name}" is not what that of an export is`);
  if (Object.keys(header).some((name) => !Object.hasOwn(HEADER, name)))
    throw new Unreadable("it says something of itself that no export says");
  return { vouches: [], ...header };
}

// An export, line by line

/** Other lines than records: how long at most, which members, and who takes them. */
const LINES = {
  export: [MIB],
  checkpoint: [MIB / 2, "note,seq"],
  policy: [32 * MIB, "hash,text"],
  leaves: [20 * 1024, "from,hashes"],
  leaf: [100],
  value: [MAX_LINE, "commitment,kind,salt,seq,value"],
  end: [100, "sha256"],
};
const LINE = /^\{"(export|checkpoint|policy|leaves|leaf|value|end)":/;

/** The text of bytes; undefined: they are no UTF-8. */
function decode(bytes) {
  return attempt(() => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
}

/** The value of such a line; undefined: it is none. It is exactly what JSON.stringify writes: no member is there twice. */
function readLine(line, name, text = decode(line)) {
  const [max, members] = LINES[name];
  if (text === undefined || text.length > max) return undefined;
  const whole = attempt(JSON.parse, text);
  if (membersOf(whole) !== name || attempt(JSON.stringify, whole) !== text) return undefined;
  return members === undefined || membersOf(whole[name]) === members ? whole[name] : undefined;
}

class Export {
  problems = new Problems();
  /** What counts only if nothing else says it better. */
  otherwise = [];
  shown = 0;
  withheld = 0;
  signed = 0;
  #keys;
  #witnesses;
  #outside;
  #erasures;
  #stack = new Stack();
  #roots = new Map();
  #watched;
  #place;
  #leaves = { from: 0, hashes: Buffer.of() };
  #hasBegun = false;
  #isBroken = false;
  #isFiltered;
  #notes = new Map();
  #noteBytes = 0;
  #lastCheckpoint = -1;
  #covering = [];
  #policies = new Map();
  #named = new Map();
  #namedKeys = new Set();
  #record;
  #line;
  #found = new Set();
  #absent = [];

  constructor(header, { keys, witnesses, outside }, erasures) {
    this.header = readHeader(header);
    const { from, left, filter } = this.header;
    this.#keys = new Keys(keys);
    if (from > 0) this.#keys.declare(this.header.keys, this.header.vouches);
    this.#witnesses = new Map(witnesses.map((key) => [key, 0]));
    this.#outside = outside;
    this.#erasures = erasures;
    this.#watched = new Set(outside.map(({ checkpoint }) => checkpoint.size));
    this.#watch();
    for (const [index, level] of levelsBetween(0, from).entries()) this.#pushSubtree(level, left[index]);
    this.#place = from;
    this.#isFiltered = Object.values(filter).some(isText);
  }

  get isPinned() {
    return this.#keys.arePinned;
  }

  addCheckpoint(seq, text) {
    const { from, to } = this.header;
    this.#noteBytes += text.length + 1024;
    if (this.#noteBytes > MAX_NOTES) throw new Unreadable("it has more checkpoints than are read");
    if (seq <= this.#lastCheckpoint || this.#hasBegun)
      this.#report(null, "added", `Checkpoint ${seq} is where none belongs`);
    this.#lastCheckpoint = seq;
    const checkpoint = attempt(readCheckpoint, text);
    if (seq >= from && seq < to) {
      this.#notes.set(seq, checkpoint);
      if (checkpoint !== undefined) this.#watched.add(checkpoint.size);
      this.#watch();
    } else this.#covering.push([seq, checkpoint]);
  }

  addPolicy(hash, text) {
    if (this.#policies.has(hash) || this.#hasBegun)
      this.#report(null, "added", `The policy ${hash} is where none belongs`);
    this.#policies.set(hash, sha256(text).toString("hex") === hash);
  }

  addLine(line) {
    const name = LINE.exec(line.toString("latin1", 0, 20))?.[1];
    if (name === undefined) {
      this.#addRecord(line);
      return;
    }
    const value = line.length > 4 * LINES[name][0] ? undefined : readLine(line, name);
    if (value === undefined || !this.#addOther(name, value))
      this.#report(this.#place, "changed", `A line "${name}" is not one`);
  }

  /** Whether it is one. */
  #addOther(name, value) {
    if (name === "checkpoint") {
      if (!isSeq(value.seq) || !isText(value.note) || /\p{Cs}/u.test(value.note)) return false;
      this.addCheckpoint(value.seq, value.note);
    } else if (name === "policy") {
      if (!isHash(value.hash) || !isText(value.text) || /\p{Cs}/u.test(value.text)) return false;
      this.addPolicy(value.hash, value.text);
    } else if (name === "leaves") {
      if (!isSeq(value.from) || !isText(value.hashes) || !/^(?:[0-9a-f]{64}){1,256}$/.test(value.hashes))
        return false;
      this.#addLeaves(value.from, bytesOf(value.hashes));
    } else if (name === "leaf") {
      if (!isHash(value)) return false;
      this.#addWithheld(bytesOf(value));
    } else if (name === "value") {
      const { seq, commitment, salt, kind } = value;
      const isSound = value.value === null || (isText(value.value) && !/\p{Cs}/u.test(value.value));
      if (!isSeq(seq) || !isHash(commitment) || !isHash(salt) || !isText(kind) || !isSound) return false;
      this.#addValue(value);
    } else this.#report(this.#place, "added", `A line "${name}" is where none belongs`);
    return true;
  }

  /** A line of leaves stands before the records of a tile, and has all of them. */
  #addLeaves(from, hashes) {
    this.#hasBegun = true;
    const end = Math.min(this.header.to, from - (from % TILE) + TILE);
    const isAtStart = from === this.header.from || from % TILE === 0;
    if (from !== this.#place || !isAtStart || hashes.length !== (end - from) * 32)
      this.#note(`The leaves of the records from ${from} on are not where they belong`);
    this.#leaves = { from, hashes };
  }

  #addWithheld(leaf) {
    const seq = this.#takePlace();
    this.withheld++;
    if (!this.#isFiltered)
      this.#report(seq, "removed", `Record ${seq} is withheld, although the export has no filter`);
    else if (seq === this.header.record)
      this.#report(seq, "removed", `Record ${seq} is withheld, which says what the export is`);
    if (!(this.#leafAt(seq)?.equals(leaf) ?? true))
      this.#report(seq, "changed", `Record ${seq}, which is withheld, has another leaf`);
    this.#push(leaf);
  }

  #addRecord(line) {
    const seq = this.#takePlace();
    this.shown++;
    const text = line.length > MAX_RECORD ? undefined : decode(line);
    const record = text === undefined ? undefined : readRecord(text);
    const leaf = leafHash(line);
    if (record === undefined)
      this.#report(seq, "changed", `Record ${seq} is not the canonical JSON of a record`);
    else if (record.seq !== seq) {
      if (!this.#isBroken)
        this.#report(seq, "reordered", `Line ${seq} of the records holds record ${record.seq}`);
      this.#isBroken = true;
    } else if (!this.#isBroken && !(this.#leafAt(seq)?.equals(leaf) ?? true))
      this.#report(seq, "changed", `Record ${seq} does not hash to its leaf`);
    this.#push(leaf);
    if (record?.seq !== seq || this.#isBroken) return;
    [this.#record, this.#line] = [record, line];
    this.#lookAt(record);
  }

  #takePlace() {
    this.#endRecord();
    this.#hasBegun = true;
    const seq = this.#place++;
    if (seq < this.header.to && this.#leafAt(seq) === undefined)
      this.#note(`The leaves of the records from ${seq} on are missing`);
    return seq;
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

  /** On the way there is the root at each size that subtrees end at. */
  #pushSubtree(level, hash) {
    this.#stack.push(level, bytesOf(hash));
    this.#roots.set(this.#stack.size, this.#stack.root().toString("hex"));
  }

  #watch() {
    const { size } = this.#stack;
    if (this.#watched.has(size)) this.#roots.set(size, this.#stack.root().toString("hex"));
  }

  #lookAt(record) {
    const { seq, kind, data } = record;
    if (kind === "key") this.#keys.add(seq, data, this.problems);
    if (kind === "checkpoint") this.#checkCheckpoint(seq, data);
    else if (this.#notes.delete(seq))
      this.#report(seq, "added", `A checkpoint's note lies beside record ${seq}, which is none`);
    if (kind === "policy" && data.result === "loaded" && Array.isArray(data.files)) {
      for (const hash of data.files.map((file) => file?.hash).filter(isText)) {
        const name = isHash(hash) ? hash : "that no hash names";
        if (!this.#named.has(name)) this.#named.set(name, seq);
      }
    }
    this.#checkDeclared(record);
  }

  #checkDeclared(record) {
    const { seq, at, kind, team, data } = record;
    const { from, to, since, until, filter, keys } = this.header;
    const said = (one) =>
      JSON.stringify([one.since, one.until, one.values, Object.entries(one.filter ?? {}).sort(byName)]);
    const isOwn = seq === this.header.record;
    if (isOwn && (kind !== "export" || at !== this.header.at || said(data) !== said(this.header)))
      this.#report(seq, "changed", "The export does not say of itself what its record says");
    const isShared =
      isOwn || ["policy", "checkpoint", "erasure"].includes(kind) || (kind === "key" && team === null);
    const differs = (name) => (filter[name] ?? record[name]) !== record[name];
    if (this.#isFiltered && !isShared && ["kind", "team", "assistant", "receipt"].some(differs))
      this.#report(seq, "added", `Record ${seq} is shown, although the export's filter is not for it`);
    const isEdge = (since !== null && seq === from) || (until !== null && seq === to - 1);
    const isPart = from > 0 || to < this.header.size;
    if (isPart && isEdge && (at < (since ?? "") || at >= (until ?? ":")))
      this.#report(seq, "added", `Record ${seq} is the first or last, and not of the export's time`);
    if (kind !== "key" || data.change !== "signing" || !isText(data.verifier)) return;
    this.#namedKeys.add(data.verifier);
    if (!keys.includes(data.verifier))
      this.#report(seq, "changed", `The export leaves out the key that record ${seq} names`);
  }

  #checkCheckpoint(seq, data) {
    const [hasNote, whole] = [this.#notes.has(seq), this.#notes.get(seq)];
    this.#notes.delete(seq);
    if (!isSeq(data.size) || data.size > seq) {
      this.#report(seq, "forged", `Checkpoint ${seq} is about records that come after it`);
      return;
    }
    if (!hasNote) {
      this.#report(seq, "removed", `The note of checkpoint ${seq} is missing`);
      return;
    }
    const note = whole && firstSigned(whole, data.note);
    if (note === undefined) {
      this.#report(seq, "changed", `The note of checkpoint ${seq} is not the one that was signed`);
      return;
    }
    if (note.origin !== data.origin || note.size !== data.size || note.root !== data.root) {
      this.#report(seq, "changed", `Checkpoint ${seq} does not say what its note says`);
      return;
    }
    const { good, bad } = this.#keys.open(note);
    if (bad.length > 0 || !good.some(({ key }) => key.label === data.key))
      this.#report(seq, "forged", `Checkpoint ${seq} has no valid signature by the key that it names`);
    else if (good.some(({ counts }) => counts)) this.signed++;
    else if (seq > this.#keys.countsSince)
      this.#report(
        seq,
        "forged",
        `Checkpoint ${seq} is signed by a key for which none that is trusted vouches`,
      );
    this.#checkWitnesses(seq, whole);
    if (!this.#isBroken && (this.#roots.get(note.size) ?? note.root) !== note.root)
      this.#report(Math.min(note.size, seq), "rewritten", `Checkpoint ${seq} signed other records`);
  }

  #checkWitnesses(seq, checkpoint) {
    const { good, bad } = openNote(checkpoint, this.#witnesses.keys());
    for (const key of good) this.#witnesses.set(key, this.#witnesses.get(key) + 1);
    if (bad.length > 0)
      this.#report(seq, "forged", `Checkpoint ${seq} has a signature in a witness' name that is not valid`);
  }

  #addValue({ seq, commitment, salt, kind, value }) {
    if (this.#isBroken) return;
    const isIts = this.#record?.seq === seq && !this.#found.has(commitment);
    if (!isIts || !this.header.values.includes(kind)) {
      this.#report(seq, "added", `A value beside record ${seq} is where none belongs`);
      return;
    }
    this.#found.add(commitment);
    const made = createHmac("sha256", bytesOf(salt)).update(`${kind}\0${value}`).digest("hex");
    if (!this.#line.includes(`"${commitment}"`))
      this.#report(seq, "added", `Record ${seq} names no commitment to a ${kind} that lies beside it`);
    else if (value === null || made !== commitment)
      this.#report(seq, "changed", `The ${kind} beside record ${seq} is not the one that it commits to`);
    else if (this.#erasures.has(seq, commitment, [kind]))
      this.#report(seq, "added", `The ${kind} beside record ${seq} was erased, and is there again`);
  }

  /** Notes which values of the record before are not there. */
  #endRecord() {
    const { values, to, size } = this.header;
    // An erasure that comes later may say why.
    if (this.#record !== undefined && values.length > 0 && to === size) {
      for (const { commitment, kinds } of namedCommitments(this.#record)) {
        const { seq } = this.#record;
        const isWanted = !this.#found.has(commitment) && kinds.every((kind) => values.includes(kind));
        if (isWanted && this.#absent.length < MAX_PROBLEMS && !this.#erasures.has(seq, commitment, kinds))
          this.#absent.push(seq);
      }
    }
    this.#record = undefined;
    this.#found = new Set();
  }

  /** What can be said when everything was read. */
  finish() {
    this.#endRecord();
    const { to } = this.header;
    if (this.#isBroken) return;
    if (this.#place < to) this.#report(this.#place, "cut_off", `Records from ${this.#place} on are cut off`);
    else if (this.#place > to)
      this.#report(to, "added", `There are records from ${to} on that do not belong here`);
    else this.#checkTree();
    for (const seq of this.#notes.keys())
      this.#report(seq, "removed", `Record ${seq} is missing: a checkpoint's note is left of it`);
    this.#checkPolicies();
    this.#checkRange();
    for (const seq of this.#absent)
      this.#report(seq, "removed", `A value beside record ${seq} is missing: no erasure says so`);
    for (const message of this.problems.found.length > 0 ? [] : this.otherwise)
      this.#report(null, "changed", message);
  }

  #checkTree() {
    const { to, size, root, right, origin } = this.header;
    let isCovered = false;
    // Who signed the whole may have come on record after a part.
    if (to < size) this.#keys.declare(this.header.keys, this.header.vouches);
    for (const [seq, checkpoint] of this.#covering) {
      const { good, bad } = checkpoint === undefined ? {} : this.#keys.open(checkpoint);
      if (checkpoint?.size !== size || checkpoint.root !== root)
        this.#report(null, "changed", `Checkpoint ${seq} does not say what the proof says`);
      else if (checkpoint.origin !== origin)
        this.#report(
          null,
          "changed",
          `Checkpoint ${seq} is of another trail than the export says that it is from`,
        );
      else if (bad.length > 0 || good.length === 0)
        this.#report(null, "forged", `Checkpoint ${seq} has no valid signature by a key that is known`);
      else {
        this.#checkWitnesses(seq, checkpoint);
        if (!good.some(({ counts }) => counts)) continue;
        this.signed++;
        isCovered = true;
      }
    }
    for (const [index, level] of levelsBetween(to, size).entries()) this.#pushSubtree(level, right[index]);
    this.#watch();
    if (this.#stack.root().toString("hex") !== root)
      this.#report(null, "rewritten", "The records do not hash to the root");
    this.#checkOutside();
    if (this.isPinned && !isCovered && this.problems.found.length === 0)
      this.#report(
        null,
        "forged",
        `No checkpoint of the tree of ${size} records is signed by a key that is trusted`,
      );
  }

  #checkOutside() {
    for (const { name, checkpoint } of this.#outside) {
      const { good, bad } = this.#keys.open(checkpoint);
      const root = this.#roots.get(checkpoint.size);
      if (bad.length > 0 || !good.some(({ counts }) => counts))
        this.#report(null, "forged", `The checkpoint ${name} is signed by no key that counts`);
      if (checkpoint.size > this.header.size)
        this.#report(this.header.size, "cut_off", `The checkpoint ${name} signed more records`);
      else if (root === undefined)
        this.#report(
          null,
          "unproved",
          `The checkpoint ${name} cannot be compared: nothing here shows what the tree was then`,
        );
      else if (root !== checkpoint.root)
        this.#report(0, "rewritten", `The checkpoint ${name} signed other records`);
    }
  }

  #checkPolicies() {
    for (const [hash, isSound] of this.#policies) {
      if (!isSound)
        this.#report(
          this.#named.get(hash) ?? null,
          "changed",
          `The text of policy ${hash} does not hash to its name`,
        );
    }
    if (this.header.filter.team !== null) return;
    for (const [hash, seq] of this.#named)
      if (!this.#policies.has(hash)) this.#report(seq, "removed", `The text of policy ${hash} is missing`);
  }

  #checkRange() {
    const { from, to, size, since, until, keys } = this.header;
    const isEmpty = from === to;
    if (since === null && from !== 0 && !(isEmpty && until !== null))
      this.#report(0, "removed", `The export begins with record ${from}, although it has no earliest time`);
    if (until === null && to !== size && !(isEmpty && since !== null))
      this.#report(to, "cut_off", `The export ends before record ${to}, although it has no latest time`);
    if (from === 0 && to === size && keys.some((key) => !this.#namedKeys.has(key)))
      this.#report(null, "changed", "The export names a key that signs, which none of its records does");
  }

  #report(...problem) {
    this.problems.add(...problem);
  }

  #note(message) {
    if (this.otherwise.length < MAX_PROBLEMS) this.otherwise.push(message);
  }

  /** What everything that agrees is worth, in lines. */
  verdict() {
    const { from, to, size, root, origin, at, filter, values } = this.header;
    const only = Object.entries(filter).flatMap(([name, text]) => (isText(text) ? [`${name} ${text}`] : []));
    const whose = this.isPinned ? "" : " (by keys that it names itself)";
    const witnesses = [...this.#witnesses].map(
      ([{ label }, count]) => `witness ${label} cosigned ${count} checkpoints`,
    );
    return [
      `records ${from} to ${to - 1} of ${size}, root ${root}; ${this.signed} signed checkpoints${whose}`,
      `It says that it is from ${origin}, at ${at}, of ${only.length === 0 ? "everybody" : only.join(", ")}, ${values.length === 0 ? "without values" : `with ${values.join(", ")}`}`,
      ...witnesses,
      ...(this.isPinned ? [] : ["Not known: who signed (it names the keys itself: give --key)"]),
      ...(this.withheld > 0 ? ["Not known: whether what is withheld is what the filter withholds"] : []),
      ...(from > 0 ? [`Not known: what the ${from} records before it say, of policies among others`] : []),
      ...(to < size && values.length > 0
        ? [`Not known: whether a value that is absent was erased after record ${to - 1}`]
        : []),
    ];
  }
}

const byName = ([a], [b]) => (a < b ? -1 : 1);

// Files

/** The lines of a file with their line breaks, as bytes. */
function* linesOf(path) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(MIB);
  let rest = [];
  let length = 0;
  try {
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < count; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...rest, chunk.subarray(start, end + 1)]);
        [rest, length, start] = [[], 0, end + 1];
      }
      if (start < count) rest.push(Buffer.from(chunk.subarray(start, count)));
      length += count - start;
      if (length > MAX_LINE) throw new Unreadable("a line is too long");
    }
  } finally {
    closeSync(file);
  }
  if (length > 0) yield Buffer.concat(rest);
}

function readWhole(path, max) {
  if (statSync(path).size > max) throw new Unreadable("it is too long");
  return readFileSync(path);
}

/** What a file of JSON says, if it is written so that no member is there twice. */
function readJson(bytes, spaces) {
  const text = decode(bytes) ?? "";
  const value = attempt(JSON.parse, text);
  return attempt(JSON.stringify, value, undefined, spaces) === text.trimEnd() ? value : undefined;
}

function addBytes(bytes, target, name) {
  const isWhole = bytes.at(-1) === 10;
  if (!isWhole) target.otherwise.push(`The last line of ${name} is cut off`);
  target.addLine(isWhole ? bytes.subarray(0, -1) : bytes);
}

function erasuresIn(files, { from, values }) {
  const erasures = new Erasures(from);
  if (values.length === 0) return erasures;
  for (const file of files)
    for (const line of linesOf(file))
      if (!erasures.add(line.at(-1) === 10 ? line.subarray(0, -1) : line)) return erasures;
  return erasures;
}

function readJsonl(path, options) {
  const digest = createHash("sha256");
  let target;
  let end;
  for (const bytes of linesOf(path)) {
    const isEnd = bytes.subarray(0, 7).toString("latin1") === '{"end":';
    if (!isEnd) digest.update(bytes);
    if (target === undefined) {
      const text = bytes.length > MIB ? undefined : decode(bytes)?.trimEnd();
      const header = readHeader(readLine(bytes, "export", text));
      target = new Export(header, options, erasuresIn([path], header));
      options.onExport(target);
    } else if (end !== undefined) target.problems.add(null, "added", "There are lines after the end");
    else if (isEnd) end = /^\{"end":\{"sha256":"([0-9a-f]{64})"\}\}\n$/.exec(bytes.toString())?.[1] ?? "";
    else addBytes(bytes, target, "the export");
  }
  if (target === undefined) throw new Unreadable("it is empty");
  if (end !== digest.digest("hex"))
    target.otherwise.push("The SHA-256 of the export is not the one in its last line");
  target.finish();
}

/** Every name that a pack can have in it, and how many bytes it has at most. */
const PACK_FILES = [
  [/^(?:README\.md|verify\.mjs|verify\.py|verifying\.md|proof\.json)$/, MIB],
  [/^summary\.txt$/, 16 * MIB],
  [/^checkpoints\/(?:0|[1-9]\d{0,15})\.txt$/, MAX_NOTE],
  [/^policies\/[0-9a-f]{64}\.yaml$/, 16 * MIB],
  [/^records\/\d{6}\.jsonl$/, 1024 * MIB],
  [/^manifest\.json$/, 64 * MIB],
];

/** Names in a folder, without hidden files, which desktops leave behind. */
function packFiles(folder) {
  const visible = (path) => readdirSync(path).filter((name) => !name.startsWith("."));
  const names = visible(folder).flatMap((name) =>
    lstatSync(join(folder, name)).isDirectory()
      ? visible(join(folder, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
  if (names.length > MAX_FILES) throw new Unreadable("it has too many files");
  for (const name of names) {
    const found = lstatSync(join(folder, name));
    const known = PACK_FILES.find(([pattern]) => pattern.test(name));
    if (known === undefined || !found.isFile() || found.size > known[1])
      throw new Unreadable(`${JSON.stringify(name)} has no place in a pack`);
  }
  const numberOf = (name) => Number(/\/(\d{1,16})\.(?:txt|jsonl)$/.exec(name)?.[1] ?? 0);
  return names.sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

function readPack(folder, options) {
  const names = packFiles(folder);
  if (!names.includes("proof.json")) throw new Unreadable("it has no proof.json");
  const inFolder = (start) => names.filter((name) => name.startsWith(start));
  const header = readHeader(readJson(readFileSync(join(folder, "proof.json")), 2));
  const parts = inFolder("records/").map((name) => join(folder, name));
  const target = new Export(header, options, erasuresIn(parts, header));
  options.onExport(target);
  const found = new Map();
  const note = (name, digest, bytes) => found.set(name, { bytes, sha256: digest.digest("hex") });
  for (const name of names.filter((one) => !one.startsWith("records/") && one !== "manifest.json")) {
    const bytes = readFileSync(join(folder, name));
    const stem = name.replace(/^.*\/|\.\w+$/g, "");
    if (name.startsWith("checkpoints/")) target.addCheckpoint(Number(stem), decode(bytes) ?? "");
    if (name.startsWith("policies/")) target.addPolicy(stem, bytes);
    note(name, createHash("sha256").update(bytes), bytes.length);
  }
  for (const [index, name] of inFolder("records/").entries()) {
    if (Number(name.slice(8, 14)) !== index)
      target.otherwise.push(`${name} is not the next part of the records`);
    const digest = createHash("sha256");
    let length = 0;
    for (const bytes of linesOf(join(folder, name))) {
      digest.update(bytes);
      length += bytes.length;
      addBytes(bytes, target, name);
    }
    note(name, digest, length);
  }
  compareManifest(folder, found, target);
  target.finish();
}

function compareManifest(folder, found, target) {
  const path = join(folder, "manifest.json");
  const { format, files } = (existsSync(path) && readJson(readFileSync(path), 2)) || {};
  if (format !== "countersign-pack@v1" || !isObject(files)) {
    target.otherwise.push("The pack has no manifest.json that can be read");
    return;
  }
  for (const name of new Set([...Object.keys(files), ...found.keys()])) {
    const [wanted, got] = [files[name], found.get(name)];
    if (wanted?.bytes === got?.bytes && wanted?.sha256 === got?.sha256 && got !== undefined) continue;
    if (target.otherwise.length < MAX_PROBLEMS)
      target.otherwise.push(`${JSON.stringify(name)} is not as it was written`);
  }
}

// Proofs

const PROOF = {
  format: (value) => value === "countersign-proof@v1",
  size: isSeq,
  root: isHash,
  checkpoint: (value) => value === null || isText(value),
  keys: (value) => areTexts(value, isText),
  vouches: (value) => value === undefined || areTexts(value, isText),
  records: (value) => isListOf(value, isProved),
};
const isProved = (value) =>
  membersOf(value) === "index,path,record" &&
  isText(value.record) &&
  isSeq(value.index) &&
  isListOf(value.path, isHash);

function checkProof(proof, given, problems) {
  const isProof =
    isObject(proof) &&
    Object.keys(proof).every((name) => Object.hasOwn(PROOF, name)) &&
    Object.entries(PROOF).every(([name, is]) => is(proof[name]));
  if (!isProof) throw new Unreadable("it is neither an export, nor an unpacked pack, nor a proof");
  const { size, root, records, checkpoint } = proof;
  if (records.length === 0) problems.add(null, "removed", "It proves nothing");
  if (checkpoint !== null) checkProofsCheckpoint(proof, given, problems);
  else if (given.length > 0) problems.add(null, "forged", "There is no checkpoint, and so no signature");
  const seen = new Set();
  for (const one of records) {
    const { index, record } = one;
    if (readRecord(record)?.seq !== index || !isIncluded(one, { size, root }))
      problems.add(index, "changed", `Record ${index} is not proved to be in the tree`);
    if (seen.has(index)) problems.add(index, "added", `Record ${index} is there twice`);
    seen.add(index);
  }
}

function checkProofsCheckpoint({ size, root, checkpoint, keys, vouches = [] }, given, problems) {
  const note = attempt(readCheckpoint, checkpoint);
  const known = new Keys(given);
  const isRead = attempt(() => known.declare(keys, vouches) === undefined);
  if (note?.size !== size || note.root !== root || !isRead)
    problems.add(null, "changed", "The checkpoint does not say what the proof says");
  if (note === undefined) return;
  const { good, bad } = known.open(note);
  if (bad.length > 0 || !good.some(({ counts }) => counts))
    problems.add(null, "forged", "The checkpoint is signed by no known key");
}

function isIncluded({ record, index, path }, { size, root }) {
  if (index >= size) return false;
  let [first, last, hash] = [index, size - 1, leafHash(record)];
  for (const sibling of path) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      hash = nodeHash(bytesOf(sibling), hash);
      while (first % 2 === 0 && first !== 0) [first, last] = [first / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, bytesOf(sibling));
    [first, last] = [Math.floor(first / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash.toString("hex") === root;
}

const TLOG_PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra ([A-Za-z0-9+/=]*)\n)?index (0|[1-9]\d{0,14})\n((?:[A-Za-z0-9+/]{43}=\n)*)\n(.+)$/s;

/** A proof in C2SP's form, of which the record is in the extra data, or in a file beside it. */
function readTlogProof(text, recordFile) {
  const [whole, base64 = "", index, path, checkpoint] = TLOG_PROOF.exec(text) ?? [];
  if (whole === undefined || text.length > 8 * MIB) throw new Unreadable("it is no c2sp.org/tlog-proof");
  const extra = attempt(() => readJson(decodeBase64(base64))) ?? {};
  const record =
    recordFile === undefined
      ? extra.record
      : (decode(readWhole(recordFile, MAX_RECORD)) ?? "").replace(/\n$/, "");
  if (!isText(record)) throw new Unreadable("its record is not in it: give it with --record");
  const { size, root } = attempt(readCheckpoint, checkpoint) ?? {};
  const hashes = path
    .split("\n")
    .slice(0, -1)
    .map((line) => (attempt(decodeBase64, line) ?? Buffer.of()).toString("hex"));
  return {
    format: "countersign-proof@v1",
    ...{ size, root, checkpoint, keys: extra.keys ?? [], vouches: extra.vouches ?? [] },
    records: [{ record, index: Number(index), path: hashes }],
  };
}

// The command

function optionsOf(args) {
  const options = { paths: [], keys: [], witnesses: [], outside: [], record: undefined, json: false };
  const givenTo = (name, value) => {
    if (value === undefined) throw new Unreadable(`${name} needs a value`);
    return value;
  };
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (arg === "--json") options.json = true;
    else if (arg === "--key") options.keys.push(readSigningKey(givenTo(arg, args[++index]).trim()));
    else if (arg === "--witness") options.witnesses.push(readKey(givenTo(arg, args[++index]).trim()));
    else if (arg === "--record") options.record = givenTo(arg, args[++index]);
    else if (arg === "--checkpoint" || arg === "--since") {
      const name = givenTo(arg, args[++index]);
      options.outside.push({ name, checkpoint: readCheckpoint(decode(readWhole(name, MIB)) ?? "") });
    } else if (arg.startsWith("-"))
      throw new Unreadable(
        "write verify.mjs [path]... [--key <verifier key>] [--checkpoint <file>] [--witness <verifier key>] [--record <file>] [--json]",
      );
    else options.paths.push(arg);
  }
  if (options.paths.length === 0) options.paths.push(fileURLToPath(new URL(".", import.meta.url)));
  return options;
}

/** What is found in one file or folder: problems, counts, and lines about what agrees. */
function verifyPath(path, options) {
  if (!existsSync(path)) throw new Unreadable(`there is no ${path}`);
  const isFolder = statSync(path).isDirectory();
  const start = isFolder ? Buffer.of() : startOf(path);
  if (start[0] === 0x1f && start[1] === 0x8b)
    throw new Unreadable("unpack it first: tar -xzf, into an empty folder");
  if (isFolder || start.toString("latin1").startsWith('{"export":'))
    return verifyExport(path, isFolder, options);
  const { keys, outside, record } = options;
  if (outside.length > 0) throw new Unreadable("a proof cannot be compared with a checkpoint");
  const text = decode(readWhole(path, MAX_PROOF)) ?? "";
  const isTlog = text.startsWith("c2sp.org/tlog-proof@v1\n");
  const proof = isTlog
    ? readTlogProof(text, record)
    : readJson(Buffer.from(text), text.startsWith("{\n") ? 2 : undefined);
  const problems = new Problems();
  untilEnough(() => checkProof(proof, keys, problems));
  const { records, size, checkpoint } = proof;
  const signed = checkpoint === null ? "which nobody signed" : "signed";
  const whose = checkpoint === null || keys.length > 0 ? "" : " (by keys that it names itself)";
  const lines = [`${records.length} records of ${size}, ${signed}${whose}`];
  return { problems: problems.found, shown: records.length, withheld: 0, lines };
}

function verifyExport(path, isFolder, options) {
  let target;
  const onExport = (opened) => {
    target = opened;
  };
  untilEnough(() => (isFolder ? readPack : readJsonl)(path, { ...options, onExport }));
  const { problems, shown, withheld } = target;
  return {
    problems: problems.found,
    shown,
    withheld,
    lines: problems.found.length > 0 ? [] : target.verdict(),
  };
}

function untilEnough(work) {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

function startOf(path) {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(64);
  const length = readSync(file, bytes);
  closeSync(file);
  return bytes.subarray(0, length);
}

/** Without anything that a terminal obeys. */
const printable = (text) => text.replace(/[^\x20-\x7e]/g, (one) => `\\u{${one.codePointAt(0).toString(16)}}`);

function show({ problems, shown, withheld, lines }) {
  const place = ({ seq }) => seq ?? Number.MAX_VALUE;
  const sorted = [...problems].sort((a, b) => place(a) - place(b));
  for (const { seq, what, message } of sorted)
    console.log(printable(`${seq === null ? "whole" : `record ${seq}`}: ${what}: ${message}`));
  const counts = `${shown} shown, ${withheld} withheld`;
  const [first, ...rest] = lines;
  if (problems.length > 0) console.log(`${counts}\nNOT as it was written`);
  else console.log([`Everything agrees: ${first}`, counts, ...rest].map(printable).join("\n"));
}

function run(args) {
  const options = optionsOf(args);
  let code = 0;
  for (const path of options.paths) {
    try {
      const result = verifyPath(path, options);
      const { problems, shown, withheld } = result;
      const ok = problems.length === 0;
      if (options.paths.length > 1 && !options.json) console.log(printable(`== ${path}`));
      if (options.json) console.log(JSON.stringify({ path, ok, shown, withheld, problems }));
      else show(result);
      code = Math.max(code, ok ? 0 : 1);
    } catch (error) {
      if (options.json) console.log(JSON.stringify({ path, ok: false, error: error.message }));
      console.error(printable(`Cannot verify ${path}: ${error.message}`));
      code = 2;
    }
  }
  return code;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  console.error(printable(`Cannot verify: ${error.message}`));
  process.exitCode = 2;
}
