/** The same fields, with those left out that can be `undefined` at the value's type: absent is what they then are. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Leaves out the fields that are `undefined`, so that what is optional is absent.
 *
 * @example
 * ```ts
 * import { defined } from "@countersign/core/optional";
 *
 * const query: { readonly limit: number; readonly cursor?: string } = defined({ limit: 10, cursor: undefined });
 * ```
 */
export function defined<const T extends object>(fields: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = (fields as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    // An assignment would make it the object's prototype.
    if (name === "__proto__") Object.defineProperty(kept, name, { ...OWN, value });
    else kept[name] = value;
  }
  return kept as Defined<T>;
}

const OWN = { configurable: true, enumerable: true, writable: true } as const;
