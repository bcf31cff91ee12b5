import type { Json } from "./json.ts";

/** Whether a value is of a shape: as far as those who put it in words rely on it, and no further. */
export type Shape = (value: Json | undefined) => boolean;

/** Text. */
export const TEXT: Shape = (value) => typeof value === "string";

/** How many: a whole number, from 0. */
export const COUNT: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A truth. */
export const FLAG: Shape = (value) => typeof value === "boolean";

/** The same, or null, or absent. */
export function maybe(shape: Shape): Shape {
  return (value) => value === null || value === undefined || shape(value);
}

/** A list of such. */
export function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

/** An object with these members, and whatever else. */
export function objectOf(members: Readonly<Record<string, Shape>>): Shape {
  const entries = Object.entries(members);
  return (value) => isObject(value) && entries.every(([name, shape]) => shape(own(value, name)));
}

/** An object, each of whose members is such. */
export function membersOf(shape: Shape): Shape {
  return (value) => isObject(value) && Object.values(value).every((member) => shape(member));
}

/** Neither null nor a list. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: { readonly [key: string]: Json }, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
