import type Database from "better-sqlite3";
import { type Around, aroundOf, type Common } from "./_record_form.ts";

/** Numbers of names, in the order of the columns: kind, team, assistant, policy. */
export type NameIds = readonly [number | null, number | null, number | null, number | null];

/** What is known of records that have this in common. */
export interface KnownCommon {
  readonly common: Common;
  readonly around: Around;
}

/** So many are remembered. There are as many as assistants, times kinds, times policies of a while. */
const MAX_KNOWN = 20_000;

/** What many records have in common, kept once each: kinds, teams, assistants, hashes of policies. A name never changes. */
export class Names {
  readonly #select: Database.Statement<[string], number>;
  readonly #insert: Database.Statement<[string], number>;
  readonly #selectName: Database.Statement<[number], string>;
  readonly #selectAll: Database.Statement<[number], { id: number; name: string }>;
  readonly #names = new Map<number, string>();
  readonly #written = new Map<string, KnownCommon & { readonly ids: NameIds }>();
  readonly #read = new Map<string, KnownCommon>();
  #loaded = 0;

  constructor(db: Database.Database) {
    this.#select = db.prepare<[string], number>("SELECT id FROM names WHERE name = ?").pluck();
    this.#insert = db.prepare<[string], number>("INSERT INTO names (name) VALUES (?) RETURNING id").pluck();
    this.#selectName = db.prepare<[number], string>("SELECT name FROM names WHERE id = ?").pluck();
    this.#selectAll = db.prepare("SELECT id, name FROM names WHERE id > ? ORDER BY id");
  }

  /** Numbers of names, which are kept from now on. Call `forget` when the transaction fails. */
  idsOf({ kind, team, assistant, policy }: Common): KnownCommon & { readonly ids: NameIds } {
    const key = `${partOf(kind)}${partOf(policy)}${partOf(team)}${partOf(assistant)}`;
    let known = this.#written.get(key);
    if (known === undefined) {
      const ids = [kind, team, assistant, policy].map((name) => (name === null ? null : this.#idOf(name)));
      const common = { kind, team, assistant, policy };
      known = { common, around: aroundOf(common), ids: ids as unknown as NameIds };
      remember(this.#written, key, known);
    }
    return known;
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
    for (const known of [this.#names, this.#written, this.#read]) known.clear();
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

/** With its length, so that no two lists of names are one. */
function partOf(name: string | null): string {
  return name === null ? "-" : `${name.length}:${name}`;
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, value);
}
