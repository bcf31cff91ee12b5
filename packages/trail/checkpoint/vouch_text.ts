/**
 * What a signing key signs to name its successor, by the successor's verifier key. It is no checkpoint, whose second line
 * is a number.
 */
export function vouchText(verifier: string): string {
  return `countersign signing key\n${verifier}\n`;
}
