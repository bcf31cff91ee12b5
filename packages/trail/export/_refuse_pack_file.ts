/** Every name that an evidence pack can have in it, and how many bytes it has at most. */
const PACK_NAMES: readonly (readonly [name: RegExp, maxBytes: number])[] = [
  [/^(?:README\.md|verify\.mjs|verify\.py)$/, 1024 * 1024],
  [/^proof\.json$/, 1024 * 1024],
  [/^checkpoints\/\d{1,16}\.txt$/, 1024 * 1024],
  [/^policies\/[\da-f]{64}\.yaml$/, 16 * 1024 * 1024],
  [/^records\/\d{6}\.jsonl$/, 1024 * 1024 * 1024],
  [/^manifest\.json$/, 256 * 1024 * 1024],
];

/** Why a file has no place in a pack; undefined: it has. */
export function refusePackFile(name: string, bytes: number): string | undefined {
  const known = PACK_NAMES.find(([pattern]) => pattern.test(name));
  if (known === undefined) return `${JSON.stringify(name.slice(0, 200))} has no place in a pack`;
  return bytes > known[1] ? `"${name}" has ${bytes} bytes, and at most ${known[1]} are read` : undefined;
}
