/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";

/** What cannot be seen or turns the order of text round, but for line breaks and tabs. */
const HIDDEN = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text of many lines from outside, as it is: never markup, its whitespace kept, and what hides in it shown as `\ufffd`. */
export function InertText({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  return (
    <section class="text" dir="auto" tabindex={0} aria-label={label}>
      {text.replaceAll("\r\n", "\n").replaceAll(HIDDEN, "\ufffd")}
    </section>
  );
}
