import type { DigitChain, DigitGroup } from "./digit_chain.ts";

/** Pieces up to this long are no columns of figures: there another length is another number. */
const MAX_PIECE = 3;

/**
 * Whether the groups from `first` to `last` can be a number of their own: the chain does not go on before and after them in
 * the same way, but with another separator, a wider one, or, of short pieces, with another length. One more piece of
 * the same kind is let pass: it may be a line's number or what stands in the next cell.
 */
export function standsApart(chain: DigitChain, first: number, last: number): boolean {
  if (first === 0 && last === chain.length - 1) return true;
  const [glues, wide] = gluesWithin(chain, first, last);
  const size = pieceSize(chain, first, last);
  const cut = (at: number, neighbour: DigitGroup | undefined): boolean => {
    const group = chain[at];
    if (neighbour === undefined || group === undefined) return true;
    if (!glues.has(group.glue) || (group.wide && !wide)) return true;
    return size > 0 && neighbour.digits.length !== size;
  };
  const cutBefore = (at: number): boolean => cut(at, chain[at - 1]);
  const rest = size > 0 && chain[last]?.digits.length !== size;
  const cutAfter = (at: number): boolean => cut(at + 1, chain[at + 1]);
  return (
    (cutBefore(first) || (size > 0 && cutBefore(first - 1))) &&
    (rest || cutAfter(last) || (size > 0 && cutAfter(last + 1))) &&
    !isWithinLines(chain, first, last)
  );
}

/** A quick look: whether `standsApart` can be true of groups that begin at `first`. */
export function mayBeginApart(chain: DigitChain, first: number): boolean {
  const [before, group, next] = [chain[first - 1], chain[first], chain[first + 1]];
  if (first <= 1 || before === undefined || group === undefined || next === undefined) return true;
  const changes = (one: DigitGroup, other: DigitGroup): boolean =>
    one.glue !== other.glue || one.wide !== other.wide;
  if (changes(group, next) || before.digits.length !== group.digits.length) return true;
  return changes(before, group) || chain[first - 2]?.digits.length !== before.digits.length;
}

/** What separates the groups, and whether widely. A single line end among blanks, dashes and the like is a wrapped line. */
function gluesWithin(
  chain: DigitChain,
  first: number,
  last: number,
): readonly [ReadonlySet<string>, boolean] {
  const glues = new Set<string>();
  let [lines, wide, cells] = [0, false, false];
  for (let i = first + 1; i <= last; i++) {
    const group = chain[i];
    if (group === undefined) break;
    if (group.glue === "\n") lines++;
    else glues.add(group.glue);
    cells ||= isCell(group.glue) && group.glue !== "\n";
    wide ||= group.wide;
  }
  if (lines > 0 && (lines > 1 || cells || glues.size === 0)) glues.add("\n");
  return [glues, wide];
}

/** The length of short pieces that are all as long, but for a shorter rest; 0 of any others. */
function pieceSize(chain: DigitChain, first: number, last: number): number {
  const size = chain[first]?.digits.length ?? 0;
  if (last === first || size > MAX_PIECE) return 0;
  for (let i = first + 1; i < last; i++) if (chain[i]?.digits.length !== size) return 0;
  return (chain[last]?.digits.length ?? 0) <= size ? size : 0;
}

/** A few lines out of many, as of a table of figures. */
function isWithinLines(chain: DigitChain, first: number, last: number): boolean {
  const [before, after] = [chain[first - 1], chain[last + 1]];
  if (before === undefined || chain[first]?.glue !== "\n" || after?.glue !== "\n") return false;
  const size = chain[first]?.digits.length;
  if (before.digits.length !== size || after.digits.length !== size) return false;
  for (let i = first + 1; i <= last; i++) if (chain[i]?.glue === "\n") return true;
  return false;
}

/** What separates the cells of a table or a list. */
export function isCell(glue: string): boolean {
  return /[\n|,;]/.test(glue);
}
