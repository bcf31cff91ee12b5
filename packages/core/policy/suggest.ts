/** Longer words are nobody's typing error, and comparing them costs time. */
const MAX_LENGTH = 64;

/** The candidate that `word` was probably meant to be; none when nothing is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_LENGTH) return undefined;
  const typed = normal(word);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const wanted = normal(candidate);
    const tolerable = Math.max(1, Math.floor(Math.max(typed.length, wanted.length) / 3));
    if (Math.abs(typed.length - wanted.length) > tolerable) continue;
    const distance = editDistance(typed, wanted);
    if (distance <= tolerable && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** People mix up case, hyphens and underscores more than letters. */
function normal(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, "_");
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + cost,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
