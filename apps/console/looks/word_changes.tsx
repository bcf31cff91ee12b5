/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { diffWordsWithSpace } from "diff";
import type { JSX } from "hono/jsx/jsx-runtime";
import { visible, withLineFeeds } from "./inert_text.tsx";

/** Longer than this nothing is compared, in milliseconds: two long texts may have nothing in common. */
const PATIENCE_MS = 200;

/** So much of each text is compared, in UTF-16 units. */
const MAX = 20_000;

/** One of two texts that are compared. */
export interface ComparedText {
  readonly title: string;
  readonly text: string;
}

/** Two texts side by side; what only one of them says is marked, and said to be so for those who hear it. */
export function WordChanges({
  before,
  after,
}: {
  readonly before: ComparedText;
  readonly after: ComparedText;
}): JSX.Element {
  const [old, now] = [before, after].map(({ text }) => withLineFeeds(text).slice(0, MAX).toWellFormed());
  const parts = diffWordsWithSpace(old ?? "", now ?? "", { timeout: PATIENCE_MS });
  const side = (which: "before" | "after") =>
    parts?.map(({ value, added, removed }, index) => {
      const text = visible(value);
      if (!added && !removed) return text;
      if (added !== (which === "after")) return null;
      const Tag = added ? "ins" : "del";
      return (
        <Tag key={index}>
          <span class="hidden">{added ? "only here: " : "only there: "}</span>
          {text}
        </Tag>
      );
    });
  return (
    <div class="columns even">
      {([before, after] as const).map(({ title, text }, index) => (
        <div key={index} class="stack tight">
          <h3>{title}</h3>
          <section class="text" dir="auto" tabindex={0} aria-label={title}>
            {side(index === 0 ? "before" : "after") ?? visible(text.slice(0, MAX).toWellFormed())}
          </section>
          {text.length > MAX && (
            <p class="quiet small">Its first {MAX.toLocaleString("en")} characters are compared.</p>
          )}
        </div>
      ))}
    </div>
  );
}
