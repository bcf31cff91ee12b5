import { z } from "zod";

/** A shape of MultiMail's and what it is for us, both ways. */
export interface Codec<T> {
  /** What MultiMail says → what it is. Throws a `ZodError` when it is none. */
  readonly read: (wire: unknown) => T;
  /** What it is → as MultiMail says it. */
  readonly write: (value: T) => Record<string, unknown>;
}

/** A codec that others are made of. */
export interface Shape<T> extends Codec<T> {
  readonly schema: z.ZodType<T>;
}

/** One member of a shape: MultiMail's name for it, and how it is written. */
interface Written<V> {
  readonly wire: string;
  /** `undefined`: it is left out. */
  readonly write: (value: V) => unknown;
}

/** One member of a shape, both ways. */
export interface Member<V> extends Written<V> {
  readonly schema: z.ZodType;
  /** From what the schema gave. */
  readonly read: (value: unknown) => V;
}

/** All members of a shape but those that are not known, in the order in which they are written. */
export type Members<T> = { readonly [K in Exclude<keyof T, "others">]-?: Member<T[K]> };

/** The member `wire`, which is for us what the schema makes of it. */
export function member<V>(
  wire: string,
  schema: z.ZodType<V>,
  write: (value: V) => unknown = (value) => value,
): Member<V> {
  return { wire, schema, read: (value) => value as V, write };
}

/** The member `wire`, which is converted after the whole shape was found right. */
export function converted<W, V>(
  wire: string,
  schema: z.ZodType<W>,
  { read, write }: { readonly read: (value: W) => V; readonly write: (value: V) => unknown },
): Member<V> {
  return { wire, schema, read: (value) => read(value as W), write };
}

/** A list of other shapes; what is wrong in one is told by its place in the whole. */
export function list<T>(wire: string, { schema, write }: Shape<T>): Member<readonly T[]> {
  return member<readonly T[]>(wire, z.array(schema), (values) => values.map((value) => write(value)));
}

/** The same; what is wrong in one is told by its place in that one. */
export function listOfWholes<T>(wire: string, { read, write }: Codec<T>): Member<readonly T[]> {
  return converted<readonly unknown[], readonly T[]>(wire, z.array(z.unknown()), {
    read: (items) => items.map((item) => read(item)),
    write: (values) => values.map((value) => write(value)),
  });
}

/** Writes a member that MultiMail says even when there is nothing. */
export function orNull<V>(value: V): Exclude<V, undefined> | null {
  return (value ?? null) as Exclude<V, undefined> | null;
}

/** What becomes of members that are not known. */
export interface ShapeOptions {
  /**
   * Which are kept in `others`, and handed on, by their names; of names that speak of secrets none ever is. Absent: they
   * are dropped.
   */
  readonly keeps?: (name: string) => boolean;
}

interface Others {
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Whoever has such an address or key passes by the gateway. */
const SECRET = /secret|token|password|webhook|(?:^|_)(?:url|key)$/i;

/** A shape, from the table of its members. */
export function shape<T extends object>(members: Members<T>, { keeps }: ShapeOptions = {}): Shape<T> {
  const entries = Object.entries<Member<unknown>>(members as Readonly<Record<string, Member<unknown>>>);
  const known = Object.fromEntries(entries.map(([, { wire, schema }]) => [wire, schema]));
  const isOther = (name: string) => keeps?.(name) === true && !(name in known) && !SECRET.test(name);
  const schema = z.looseObject(known).transform((wire) => {
    const others = keeps === undefined ? [] : Object.entries(wire).filter(([name]) => isOther(name));
    const value: Record<string, unknown> = {};
    if (others.length > 0) value.others = Object.fromEntries(others);
    for (const [name, member] of entries) {
      const read = member.read(wire[member.wire]);
      if (read !== undefined) value[name] = read;
    }
    return value as T;
  });
  return {
    schema,
    read: (wire) => schema.parse(wire),
    write: (value) => ({ ...(value as Others).others, ...written(members as unknown as Names<T>, value) }),
  };
}

/** What we say to MultiMail only: a name of ours → MultiMail's name for it. */
export type Names<T> = { readonly [K in keyof T]-?: string | Written<T[K]> };

/** Writes what we say to MultiMail, without what is absent, in the order of `names`. */
export function written<T extends object>(names: Names<T>, value: T): Record<string, unknown> {
  const given = value as Readonly<Record<string, unknown>>;
  const wire: Record<string, unknown> = {};
  for (const [name, as] of Object.entries<string | Written<never>>(names)) {
    const said = typeof as === "string" ? given[name] : as.write(given[name] as never);
    if (said !== undefined) wire[typeof as === "string" ? as : as.wire] = said;
  }
  return wire;
}
