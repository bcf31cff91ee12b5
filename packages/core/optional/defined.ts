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
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
