import type { PolicyDocument } from "../read/policy_document.ts";
import type { Located } from "../team_policy.ts";
import type { Written } from "../values/written.ts";
import { nearestPlace, type Where } from "../where.ts";

/** A file without problems: its content, typed, and the document that says where each value is. */
export interface LinkedFile<T> {
  readonly content: T;
  readonly document: PolicyDocument;
}

/** The place of a path in a file. */
export function placeIn({ document }: LinkedFile<unknown>, path: string): Where {
  return nearestPlace(document.places, path) ?? { file: document.file, line: 1, column: 1 };
}

/** The entries of a list, each with its place. */
export function locatedIn<T>(
  file: LinkedFile<unknown>,
  path: string,
  list: readonly Written<T>[] = [],
): readonly Located<T>[] {
  return list.map(({ value, text }, index) => ({ value, text, where: placeIn(file, `${path}[${index}]`) }));
}
