/** Digits with at most this much punctuation between them; letters, amounts and percentages end a number. */
const SPREAD_DIGITS = /\d(?:[^\p{L}\d$%€£¥]{0,14}\d)+/gu;

/** Writes spaced, dashed and otherwise spread digits as one number. Line ends among them follow it. Linear. */
export function joinDigits(text: string): string {
  return text.replace(SPREAD_DIGITS, (spread) => {
    const lines = spread.includes("\n") ? "\n".repeat(spread.split("\n").length - 1) : "";
    return spread.replace(/\D+/g, "") + lines;
  });
}

/** Letters that stand for digits: `4lll IIOO`. */
const LIKE_DIGITS = /(?<![A-Za-z\d])(?:[A-Z]{2})?(?:[\dOolI][ .-]?){8,}[\dOolI](?![A-Za-z\d])/g;
const MAY_HOLD = /\d[OolI]|[OolI]\d/;

/** The text with `O` and `l` among digits read as the digits that they resemble. The same string when there are none. Linear. */
export function mendDigits(text: string): string {
  if (!MAY_HOLD.test(text)) return text;
  return text.replace(LIKE_DIGITS, (run) =>
    /\d/.test(run) ? run.replace(/[Oo]/g, "0").replace(/[lI]/g, "1") : run,
  );
}
