/** How many are done together: enough to be quick, and few enough to leave room for others. */
const TOGETHER = 4;

/** Does `work` for each item, a few together, and gives the results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return results;
}
