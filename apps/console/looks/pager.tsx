/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";

/** Where a reader is in a long list. */
export interface PagerProps {
  /** What the list is called, for those who hear it. */
  readonly of: string;
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
  /** The address of a page. */
  readonly pathOf: (page: number) => string;
  /** What lies before, and after. @default the newest first */
  readonly words?: { readonly back: string; readonly on: string };
}

const NEWEST_FIRST = { back: "Newer", on: "Older" };

/** Leads to the pages before and after; nothing where there is one page only. */
export function Pager({ of, page, hasMore, pathOf, words = NEWEST_FIRST }: PagerProps): JSX.Element | null {
  if (page === 1 && !hasMore) return null;
  return (
    <nav class="pager" aria-label={`Pages of ${of}`}>
      {page > 1 ? (
        <a rel="prev" class="button" href={pathOf(page - 1)}>
          {words.back}
        </a>
      ) : (
        <span />
      )}
      <span class="quiet">Page {page}</span>
      {hasMore ? (
        <a rel="next" class="button" href={pathOf(page + 1)}>
          {words.on}
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}
