import { coveringLevels } from "../tree/mod.ts";
import type { ExportHeader } from "./export_header.ts";

/**
 * Checks what an export says of itself.
 *
 * @throws {Error} when it is no export, or one that is written otherwise
 */
export function readHeader(value: unknown): ExportHeader {
  const header = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (header.format !== "countersign-export@v1")
    throw new Error(`its format must be "countersign-export@v1", got ${JSON.stringify(header.format)}`);
  const { origin, at, record, from, to, size, root, left, right, since, until, filter, values, keys } =
    header;
  const numbers = [record, from, to, size].map((number) =>
    Number.isSafeInteger(number) ? Number(number) : -1,
  );
  const [, first = -1, end = -1, length = -1] = numbers;
  if (numbers.some((number) => number < 0) || first > end || end > length)
    throw new Error("its record, from, to and size must be whole numbers in order");
  if (!isHash(root) || !areHashes(left, 0, first) || !areHashes(right, end, length))
    throw new Error("its root, left and right must be the hashes that its range needs");
  const texts = [origin, at, since ?? "", until ?? ""];
  if (
    !texts.every((text) => typeof text === "string") ||
    ![values, keys].every(Array.isArray) ||
    typeof filter !== "object"
  )
    throw new Error("its origin, at, since, until, filter, values and keys must be there");
  return { ...header, filter: filter ?? {} } as ExportHeader;
}

function areHashes(value: unknown, from: number, to: number): boolean {
  return Array.isArray(value) && value.length === coveringLevels(from, to).length && value.every(isHash);
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}
