/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

/** What cannot be seen or turns the order of text round, but for line breaks and tabs. */
const HIDDEN = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** A part of a text that is to be seen first, in UTF-16 units. */
export interface TextMark {
  readonly start: number;
  readonly end: number;
  /** Why, for those who cannot see that it is marked, and for whoever points at it. */
  readonly label: string;
}

/** What is shown of a text. */
export interface InertTextProps {
  readonly label: string;
  /** With line feeds alone, see {@linkcode withLineFeeds}. */
  readonly text: string;
  /** In the order of the text; of those that overlap the first counts. */
  readonly marks?: readonly TextMark[];
}

/** A text of many lines from outside, as it is: never markup, its whitespace kept, and what hides in it shown as `\ufffd`. */
export function InertText({ label, text, marks = [] }: InertTextProps): JSX.Element {
  return (
    <section class="text" dir="auto" tabindex={0} aria-label={label}>
      <MarkedText text={withLineFeeds(text)} marks={marks} />
    </section>
  );
}

/** The same text with every line ended by a line feed alone: what marks count in. */
export function withLineFeeds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** A text of others with parts of it marked. */
export function MarkedText({
  text,
  marks,
}: Pick<InertTextProps, "text"> & { readonly marks: readonly TextMark[] }): JSX.Element {
  const parts: Child[] = [];
  let at = 0;
  for (const { start, end, label } of marks) {
    if (start < at) continue;
    parts.push(
      visible(text.slice(at, start)),
      <mark title={label}>
        <span class="hidden">{label}: </span>
        {visible(text.slice(start, end))}
      </mark>,
    );
    at = end;
  }
  return <>{[...parts, visible(text.slice(at))]}</>;
}

/** Text of others in which nothing hides. */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, "\ufffd");
}
