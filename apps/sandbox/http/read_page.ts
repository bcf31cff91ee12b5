/** Which part of a list is wanted. */
export interface PageOptions<T> {
  readonly limit: number;
  /** Id of the last item of the page before. */
  readonly cursor?: string;
  /** Only what came after this id. */
  readonly sinceId?: string;
  readonly filter?: (item: T) => boolean;
}

/** One page, newest first. `cursor` is null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

/** Reads a page of a list that is sorted by id, oldest first, without walking what lies outside of it. */
export function readPage<T extends { readonly id: string }>(
  list: readonly T[],
  options: PageOptions<T>,
): Page<T> {
  const { limit, cursor, sinceId = "", filter } = options;
  const items: T[] = [];
  for (let i = cursor === undefined ? list.length - 1 : lowerBound(list, cursor) - 1; i >= 0; i--) {
    const item = list[i];
    if (item === undefined || item.id <= sinceId) break;
    if (filter !== undefined && !filter(item)) continue;
    // One more than fits: only now is it certain that there is another page.
    if (items.length === limit) return { items, cursor: items.at(-1)?.id ?? null };
    items.push(item);
  }
  return { items, cursor: null };
}

/** The first index whose id is not less than `id`. */
function lowerBound(list: readonly { readonly id: string }[], id: string): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.id ?? "") < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
