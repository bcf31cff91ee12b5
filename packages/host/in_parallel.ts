/** How a few things are done together. */
export interface InParallelOptions {
  /** How many at once. @default 4 enough to be quick, and few enough to leave room for others */
  readonly atOnce?: number;
  /** Asked before each item: when it says yes, that one and those after it are left. */
  readonly isOver?: () => boolean;
}

/** Does `work` for each item, a few together, and gives the results in the order of the items. */
export async function inParallel<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { atOnce = 4, isOver = () => false }: InParallelOptions = {},
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items].entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isOver()) return;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
