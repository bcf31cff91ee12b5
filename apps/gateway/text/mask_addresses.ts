/** The text with every address's local part hidden, as the log wants it: `…@acme.example`. */
export function maskAddresses(text: string): string {
  return text.replaceAll(/[^\s"'<>()[\],:;@]+@+(?=[\p{L}\p{N}*[])/gu, "…@");
}
