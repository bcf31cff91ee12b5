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
