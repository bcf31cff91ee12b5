/** What is shown of a key's hash: enough to tell keys apart, `sha256:9f86d081884c`. */
export function keyPrefix(hash: string): string {
  return hash.slice(0, "sha256:".length + 12);
}
