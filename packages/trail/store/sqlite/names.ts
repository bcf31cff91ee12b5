import type Database from "better-sqlite3";
import { type Around, aroundOf, type Common } from "./_record_form.ts";

/** Numbers of names, in the order of the columns: kind, team, assistant, policy. */
export type NameIds = readonly [number | null, number | null, number | null, number | null];

/** What is known of records that have this in common. */
export interface KnownCommon {
  readonly common: Common;
  readonly around: Around;
}

/** What is known of them, and their numbers. */
export interface NumberedCommon extends KnownCommon {
  readonly ids: NameIds;
}

type Named<T> = Map<string | null, T>;

/** So many are remembered. There are as many as assistants, times kinds, times policies of a while. */
const MAX_KNOWN = 20_000;

/** What many records have in common, kept once each: kinds, teams, assistants, hashes of policies. A name never changes. */
export class Names {
  readonly #select: Database.Statement<[string], number>;
  readonly #insert: Database.Statement<[string], number>;
  readonly #selectName: Database.Statement<[number], string>;
  readonly #selectAll: Database.Statement<[number], { id: number; name: string }>;
  readonly #names = new Map<number, string>();
  /** By kind, team, policy and assistant: to put them together into one key takes longer than to look four times. */
  readonly #written: Named<Named<Named<Named<NumberedCommon>>>> = new Map();
  #writtenCount = 0;
  readonly #read = new Map<string, KnownCommon>();
  #loaded = 0;

  constructor(db: Database.Database) {
    this.#select = db.prepare<[string], number>("SELECT id FROM names WHERE name = ?").pluck();
    this.#insert = db.prepare<[string], number>("INSERT INTO names (name) VALUES (?) RETURNING id").pluck();
    this.#selectName = db.prepare<[number], string>("SELECT name FROM names WHERE id = ?").pluck();
    this.#selectAll = db.prepare("SELECT id, name FROM names WHERE id > ? ORDER BY id");
  }

  /** Numbers of names, which are kept from now on. Call `forget` when the transaction fails. */
  idsOf({ kind, team, assistant, policy }: Common): NumberedCommon {
    const known = within(within(within(this.#written, kind), team), policy);
    const found = known.get(assistant);
    if (found !== undefined) return found;
    const ids = [kind, team, assistant, policy].map((name) => (name === null ? null : this.#idOf(name)));
    const common = { kind, team, assistant, policy };
    const numbered = { common, around: aroundOf(common), ids: ids as unknown as NameIds };
    known.set(assistant, numbered);
    if (++this.#writtenCount >= MAX_KNOWN) this.#forgetWritten();
    return numbered;
  }

  /**
   * What has these numbers: `1,2,,4`, as the columns have them.
   *
   * @throws {Error} when one of them is no name's
   */
  commonOf(ids: string): KnownCommon {
    let known = this.#read.get(ids);
    if (known === undefined) {
      const [kind = null, team = null, assistant = null, policy = null] = ids
        .split(",")
        .map((id) => (id === "" ? null : this.#nameOf(Number(id))));
      const common = { kind, team, assistant, policy };
      known = { common, around: aroundOf(common) };
      remember(this.#read, ids, known);
    }
    return known;
  }

  /** Reads all that there are: what runs within a statement can read no other. */
  load(): void {
    for (const { id, name } of this.#selectAll.all(this.#loaded)) {
      this.#names.set(id, name);
      this.#loaded = id;
    }
  }

  /** Reads again whatever was read. */
  forget(): void {
    this.#loaded = 0;
    this.#names.clear();
    this.#read.clear();
    this.#forgetWritten();
  }

  #forgetWritten(): void {
    this.#written.clear();
    this.#writtenCount = 0;
  }

  #idOf(name: string): number {
    return Number(this.#select.get(name) ?? this.#insert.get(name));
  }

  #nameOf(id: number): string {
    const name = this.#names.get(id) ?? this.#selectName.get(id);
    if (name === undefined) throw new Error(`there is no name ${id}`);
    this.#names.set(id, name);
    return name;
  }
}

function within<T>(known: Named<Named<T>>, name: string | null): Named<T> {
  let found = known.get(name);
  if (found === undefined) {
    found = new Map();
    known.set(name, found);
  }
  return found;
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, value);
}
