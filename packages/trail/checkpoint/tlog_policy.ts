import type { Checkpoint } from "./checkpoint.ts";
import { NoteError } from "./note.ts";
import { openNote } from "./open_note.ts";
import { isWitnessKey, parseVerifierKey, type VerifierKey } from "./verifier_key.ts";

/** Whose signatures make a checkpoint count (https://c2sp.org/tlog-policy). */
export interface TlogPolicy {
  /** One of them has to have signed it; empty: it is known otherwise which log it is. */
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** Who of the witnesses has to have cosigned it; undefined: nobody. */
  readonly quorum: Quorum | undefined;
}

/** A witness, or so many of several. */
export type Quorum =
  | { readonly witness: VerifierKey }
  | { readonly atLeast: number; readonly of: readonly Quorum[] };

/** C2SP wants 32 of each to be taken at least. */
const MAX_LINES = 10_000;

/** What may be in a policy: tabs, line breaks, and what is no control character. */
const FORBIDDEN = /[^\P{Cc}\t\n\u0080-\u009f]/u;

/**
 * Reads a policy (https://c2sp.org/tlog-policy): lines `log`, `witness`, `group` and `quorum`. URLs mean nothing here. Names are
 * compared by their bytes: read the file as latin1.
 *
 * @throws {NoteError} that names the line
 */
export function parseTlogPolicy(text: string): TlogPolicy {
  const reading = new Reading();
  const lines = text.split("\n");
  if (lines.length > MAX_LINES)
    throw new NoteError(`Cannot read a policy: it has more than ${MAX_LINES} lines`);
  for (const [index, line] of lines.entries()) {
    const wrong = FORBIDDEN.test(line) ? "a control character is in it" : reading.line(line);
    if (wrong !== undefined) throw new NoteError(`Cannot read a policy: line ${index + 1}: ${wrong}`);
  }
  const { logs, witnesses, quorum } = reading;
  if (quorum === null) throw new NoteError('Cannot read a policy: it must have a line "quorum"');
  return { logs, witnesses, quorum };
}

/** Of this checkpoint, what a policy wants; undefined: it fulfils it. */
export function wantingOf({ note, origin }: Checkpoint, policy: TlogPolicy): string | undefined {
  const log = openNote(note, policy.logs);
  if (log.forgedFor.length > 0) return "a signature in the name of a log is not valid";
  // The name of a log's key is its origin.
  if (policy.logs.length > 0 && !log.signedBy.some(({ name }) => name === origin)) return "no log signed it";
  if (policy.quorum === undefined) return undefined;
  const { signedBy, forgedFor } = openNote(note, policy.witnesses);
  const [forged] = forgedFor;
  if (forged !== undefined) return `a signature in the name of witness "${forged.name}" is not valid`;
  if (isWitnessed(policy.quorum, new Set(signedBy))) return undefined;
  return `${signedBy.length} of ${policy.witnesses.length} witnesses cosigned it, which are no quorum`;
}

function isWitnessed(quorum: Quorum, signedBy: ReadonlySet<VerifierKey>): boolean {
  if ("witness" in quorum) return signedBy.has(quorum.witness);
  return quorum.of.filter((member) => isWitnessed(member, signedBy)).length >= quorum.atLeast;
}

/** A policy that is being read. */
class Reading {
  readonly logs: VerifierKey[] = [];
  readonly witnesses: VerifierKey[] = [];
  /** Null: there is no line of it so far. */
  quorum: Quorum | undefined | null = null;
  readonly #named = new Map<string, Quorum>();
  readonly #members = new Set<string>();

  /** Reads a line; returns what is wrong with it. */
  line(line: string): string | undefined {
    const [what = "", ...rest] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (what === "" || what.startsWith("#")) return undefined;
    const read = this.#read[what];
    return read === undefined ? "it must begin with log, witness, group or quorum" : read(rest);
  }

  readonly #read: Readonly<Record<string, (items: readonly string[]) => string | undefined>> = {
    log: (items) => {
      const [text = ""] = items;
      if (items.length < 1 || items.length > 2) return 'it must be "log <vkey> [<url>]"';
      return this.#add(text, this.logs, "log");
    },
    witness: (items) => {
      const [name = "", text = ""] = items;
      if (items.length < 2 || items.length > 3) return 'it must be "witness <name> <vkey> [<url>]"';
      const wrong = this.#nameProblem(name) ?? this.#add(text, this.witnesses, "witness");
      const key = this.witnesses.at(-1);
      if (wrong === undefined && key !== undefined) this.#named.set(name, { witness: key });
      return wrong;
    },
    group: (items) => {
      const [name = "", count = "", ...names] = items;
      if (names.length === 0) return 'it must be "group <name> all|any|<k> <name>..."';
      const wrong = this.#nameProblem(name);
      if (wrong !== undefined) return wrong;
      const of: Quorum[] = [];
      for (const member of names) {
        const found = this.#named.get(member);
        if (found === undefined) return `"${member}" must be defined on a line before`;
        if (this.#members.has(member)) return `"${member}" must be a member once at most`;
        this.#members.add(member);
        of.push(found);
      }
      const atLeast = count === "all" ? of.length : count === "any" ? 1 : Number(count);
      if (!/^(?:all|any|[1-9]\d{0,5})$/.test(count) || atLeast > of.length)
        return `"${count}" must be all, any, or 1 to ${of.length}`;
      this.#named.set(name, { atLeast, of });
      return undefined;
    },
    quorum: (items) => {
      const [name = ""] = items;
      if (items.length !== 1) return 'it must be "quorum <name>"';
      if (this.quorum !== null) return "there must be one quorum";
      const found = this.#named.get(name);
      if (found === undefined && name !== "none") return `"${name}" must be defined on a line before`;
      this.quorum = found;
      return undefined;
    },
  };

  #nameProblem(name: string): string | undefined {
    if (name === "none") return '"none" is no name that can be given';
    return this.#named.has(name) ? `"${name}" is defined already` : undefined;
  }

  #add(text: string, keys: VerifierKey[], what: "log" | "witness"): string | undefined {
    let key: VerifierKey;
    try {
      key = parseVerifierKey(Buffer.from(text, "latin1").toString("utf8"));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (isWitnessKey(key) !== (what === "witness")) return `its key must be of a ${what}`;
    const isSame = (other: VerifierKey) => publicKeyOf(other) === publicKeyOf(key);
    if (keys.some(isSame)) return `there must be one ${what} with this public key`;
    keys.push(key);
    return undefined;
  }
}

/** Two keys are the same whatever they are named. */
function publicKeyOf({ text }: VerifierKey): string {
  // Behind the byte of the type.
  return Buffer.from(text.slice(text.lastIndexOf("+", text.length) + 1), "base64")
    .subarray(1)
    .toString("base64");
}
