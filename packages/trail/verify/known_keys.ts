import {
  keyLabel,
  type Note,
  openNote,
  parseNote,
  parseVerifierKey,
  parseVouch,
  type VerifierKey,
  vouchText,
} from "../checkpoint/mod.ts";
import type { TrailRecord } from "../record/record.ts";
import type { Problems } from "./problems.ts";

/** A key that signs a trail's checkpoints. */
export interface VerifiedKey {
  /** C2SP verifier key. */
  readonly verifier: string;
  /** The record that names it. */
  readonly since: number;
  /** `<name>+<key id>` of the key before it; null: it is the first. */
  readonly previous: string | null;
  /** The previous key named it its successor. */
  readonly vouched: boolean;
  /** It was trusted from outside, or a key that counts vouches for it; without any from outside, every key counts. */
  readonly counts: boolean;
  /** How many checkpoints it signed. */
  readonly checkpoints: number;
}

/** A key that signs, and what is known of it so far. */
export interface KnownKey extends Omit<VerifiedKey, "verifier" | "since"> {
  readonly key: VerifierKey;
  /** Null: it was trusted from outside, and no record has named it so far. */
  readonly since: number | null;
  checkpoints: number;
}

/** The keys that sign a trail's checkpoints, learnt from its records, and those that were trusted from outside. */
export class KnownKeys {
  readonly #problems: Problems;
  readonly #trusted: readonly VerifierKey[];
  readonly #known = new Map<string, KnownKey>();

  constructor(problems: Problems, trusted: readonly VerifierKey[]) {
    this.#problems = problems;
    this.#trusted = trusted;
    for (const key of trusted) this.#known.set(keyLabel(key), declaredKey(key, true));
  }

  /** Some were trusted from outside: only they count, and whom they vouch for. */
  get arePinned(): boolean {
    return this.#trusted.length > 0;
  }

  /**
   * Learns what an export says of keys that came on record before its first record. A vouch proves itself; without keys that
   * are trusted from outside, a name proves nothing in any case.
   */
  declare(verifiers: readonly string[], vouches: readonly string[]): void {
    for (const text of verifiers) {
      const key = parseVerifierKey(text);
      if (!this.#known.has(keyLabel(key))) this.#known.set(keyLabel(key), declaredKey(key, !this.arePinned));
    }
    for (const vouch of vouches) {
      const { successor, note } = parseVouch(vouch);
      const known = this.#known.get(keyLabel(successor)) ?? declaredKey(successor, false);
      if (this.open(note).signedBy.some(({ counts }) => counts))
        this.#known.set(keyLabel(successor), { ...known, counts: true });
    }
  }

  /** Learns from a `key` record, if it is about a key that signs. */
  add(seq: number, { data }: TrailRecord): void {
    if (data.change !== "signing") return;
    const { verifier, previous, vouch } = data;
    const key = read(() => parseVerifierKey(String(verifier)));
    if (key?.type !== "ed25519") {
      this.#problems.add(seq, "forged", `Record ${seq} names a signing key that is none`);
      return;
    }
    const label = keyLabel(key);
    const known = this.#known.get(label);
    if (known !== undefined && known.since !== null) return;
    const before = typeof previous === "string" ? this.#known.get(previous) : undefined;
    const vouched = before !== undefined && typeof vouch === "string" && isVouched(vouch, key, before.key);
    if (typeof vouch === "string" && !vouched && before !== undefined) {
      this.#problems.add(
        seq,
        "forged",
        `Record ${seq} says that key "${before.key.name}" vouches for a new one, which it does not`,
      );
    }
    const counts = known?.counts || !this.arePinned || (vouched && before.counts);
    this.#known.set(label, {
      key,
      since: seq,
      previous: typeof previous === "string" ? previous : null,
      vouched,
      counts,
      checkpoints: known?.checkpoints ?? 0,
    });
  }

  /** Those with a valid signature on the note, and those in whose name somebody else signed. */
  open(note: Note): { readonly signedBy: readonly KnownKey[]; readonly forgedFor: readonly KnownKey[] } {
    const keys = note.signatures.flatMap((signature) => this.#known.get(keyLabel(signature)) ?? []);
    const { signedBy, forgedFor } = openNote(note, new Set(keys.map(({ key }) => key)));
    const known = (key: VerifierKey) => this.#known.get(keyLabel(key)) ?? [];
    return { signedBy: signedBy.flatMap(known), forgedFor: forgedFor.flatMap(known) };
  }

  /** The first record that names a key that counts; undefined: none does so far. */
  get countsSince(): number | undefined {
    const places = [...this.#known.values()].flatMap(({ counts, since }) =>
      counts && since !== null ? [since] : [],
    );
    return places.length === 0 ? undefined : Math.min(...places);
  }

  /** Those that records name, in order. */
  get named(): readonly VerifiedKey[] {
    return [...this.#known.values()]
      .flatMap(({ key, since, ...rest }) => (since === null ? [] : [{ verifier: key.text, since, ...rest }]))
      .toSorted((a, b) => a.since - b.since);
  }
}

/** A key that no record has named so far. */
function declaredKey(key: VerifierKey, counts: boolean): KnownKey {
  return { key, since: null, previous: null, vouched: false, counts, checkpoints: 0 };
}

function isVouched(vouch: string, key: VerifierKey, by: VerifierKey): boolean {
  const note = read(() => parseNote(vouch));
  return (
    note !== undefined && note.text === vouchText(key.text) && openNote(note, [by]).signedBy.length === 1
  );
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
