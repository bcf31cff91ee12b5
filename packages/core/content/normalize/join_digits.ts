/** Digits with at most this much punctuation between them; letters, amounts and percentages end a number. */
const SPREAD_DIGITS = /\d(?:[^\p{L}\d$%€£¥]{0,14}\d)+/gu;

/** Writes spaced, dashed and otherwise spread digits as one number. Line ends among them follow it. Linear. */
export function joinDigits(text: string): string {
  return text.replace(SPREAD_DIGITS, (spread) => {
    const lines = spread.includes("\n") ? "\n".repeat(spread.split("\n").length - 1) : "";
    return spread.replace(/\D+/g, "") + lines;
  });
}
