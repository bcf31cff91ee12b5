/** A file of an evidence pack that is read. */
export interface PackFile {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const MIB: number = 1024 * 1024;

/** Every name that an evidence pack can have in it, and how many bytes it has at most. */
const PACK_NAMES: readonly (readonly [name: RegExp, maxBytes: number])[] = [
  [/^(?:README\.md|verify\.mjs|verify\.py|verifying\.md)$/, MIB],
  [/^summary\.txt$/, 16 * MIB],
  [/^proof\.json$/, MIB],
  [/^checkpoints\/(?:0|[1-9]\d{0,15})\.txt$/, 256 * 1024],
  [/^policies\/[\da-f]{64}\.yaml$/, 16 * MIB],
  [/^records\/\d{6}\.jsonl$/, 1024 * MIB],
  [/^manifest\.json$/, 64 * MIB],
];

/** Why a file has no place in a pack; undefined: it has. */
export function refusePackFile(name: string, bytes: number): string | undefined {
  const known = PACK_NAMES.find(([pattern]) => pattern.test(name));
  if (known === undefined) return `${JSON.stringify(name.slice(0, 200))} has no place in a pack`;
  return bytes > known[1] ? `"${name}" has ${bytes} bytes, and at most ${known[1]} are read` : undefined;
}
