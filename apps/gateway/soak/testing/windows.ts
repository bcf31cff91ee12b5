/** What was seen in a part of the time. */
export interface Window {
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Resident, the most of all gateways together. */
  readonly megabytes: number;
}

/** The first part of the time, in which caches fill and code is compiled. */
const WARM_UP = 0.3;

/** How much more at the end than at the beginning is no growth: machines are noisy. */
const BOUNDS = {
  median: { factor: 1.5, plus: 10 },
  p99: { factor: 2, plus: 100 },
  megabytes: { factor: 1.15, plus: 25 },
} as const;

/** What grew from the first half of the windows after warm-up to the second: each a sentence. */
export function growths(windows: readonly Window[]): readonly string[] {
  const warm = windows.slice(Math.floor(WARM_UP * windows.length));
  const half = Math.floor(warm.length / 2);
  if (half === 0) return [];
  return (Object.keys(BOUNDS) as (keyof Window)[]).flatMap((name) => {
    const middle = (part: readonly Window[]) =>
      part.map((window) => window[name]).toSorted((a, b) => a - b)[part.length >> 1] ?? Number.NaN;
    const [first, last] = [middle(warm.slice(0, half)), middle(warm.slice(-half))];
    const { factor, plus } = BOUNDS[name];
    const most = factor * first + plus;
    return last <= most ? [] : [`${name} grew from ${first.toFixed(1)} to ${last.toFixed(1)}`];
  });
}
