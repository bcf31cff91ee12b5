/** `a, b c` → its words. */
export function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
