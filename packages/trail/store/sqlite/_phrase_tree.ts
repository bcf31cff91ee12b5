/** How many bytes may come next. */
const BYTES = 256;

/**
 * Phrases by their bytes, so that the longest at a place is found in one pass. A branch is a part of phrases that none leaves
 * in between; 0 is where all begin. Lists of numbers, since a text of a thousand bytes goes by a hundred branches.
 */
export interface PhraseTree {
  /** The bytes of all branches, one after the other. */
  readonly bytes: Uint8Array;
  /** Where a branch ends in them; it begins where the one before it ends. */
  readonly ends: Uint16Array;
  /** The place of the phrase that ends with a branch; -1: none does. */
  readonly phrases: Int16Array;
  /** Where in `next` a branch has its own. */
  readonly rows: Uint32Array;
  /** The branch that goes on with a byte; 0: none does. */
  readonly next: Uint16Array;
}

/**
 * The tree of phrases, which are ASCII, by their places.
 *
 * @throws {RangeError} when one of them is not ASCII, or empty
 */
export function phraseTree(phrases: readonly string[]): PhraseTree {
  const wrong = phrases.find((phrase) => !/^[\0-\x7f]+$/.test(phrase));
  if (wrong !== undefined) throw new RangeError(`A phrase must be ASCII, and not empty: "${wrong}" is not`);
  const branches: Branch[] = [];
  grow(branches, { phrases: phrases.map((phrase, place) => ({ phrase, place })), from: 0, to: 0 });
  const inner = branches.filter(({ next }) => next.size > 0);
  // Branches that nothing goes on from share an empty row, the last.
  const rows = branches.map(
    (branch) => BYTES * (branch.next.size > 0 ? inner.indexOf(branch) : inner.length),
  );
  const next = new Uint16Array(BYTES * (inner.length + 1));
  for (const [place, branch] of inner.entries())
    for (const [byte, number] of branch.next) next[BYTES * place + byte] = number;
  let end = 0;
  return {
    bytes: Buffer.from(branches.map(({ text }) => text).join(""), "latin1"),
    ends: Uint16Array.from(branches, ({ text }) => (end += text.length)),
    phrases: Int16Array.from(branches, ({ phrase }) => phrase),
    rows: Uint32Array.from(rows),
    next,
  };
}

interface Placed {
  readonly phrase: string;
  readonly place: number;
}

interface Branch {
  readonly text: string;
  readonly phrase: number;
  /** Numbers of branches by their first byte. */
  readonly next: Map<number, number>;
}

/** Adds the branch of phrases that are the same from `from` to `to`, where they part, and all that go on from it. */
function grow(
  branches: Branch[],
  { phrases, from, to }: { readonly phrases: readonly Placed[]; readonly from: number; readonly to: number },
): number {
  const text = phrases[0]?.phrase.slice(from, to) ?? "";
  const phrase = phrases.find((one) => one.phrase.length === to)?.place ?? -1;
  const next = new Map<number, number>();
  const number = branches.push({ text, phrase, next }) - 1;
  const groups = new Map<number, Placed[]>();
  for (const one of phrases.filter((other) => other.phrase.length > to)) {
    const byte = one.phrase.charCodeAt(to);
    const group = groups.get(byte);
    if (group === undefined) groups.set(byte, [one]);
    else group.push(one);
  }
  for (const [byte, group] of groups)
    next.set(byte, grow(branches, { phrases: group, from: to, to: partingOf(group, to) }));
  return number;
}

/** Up to where phrases are the same that are the same up to `from`. */
function partingOf(phrases: readonly Placed[], from: number): number {
  const [{ phrase: first } = { phrase: "" }] = phrases;
  let end = from;
  while (end < first.length && phrases.every(({ phrase }) => phrase[end] === first[end])) end++;
  return end;
}
