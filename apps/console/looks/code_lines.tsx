/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";

/** Lines of a text file. */
export interface CodeLinesProps {
  readonly label: string;
  readonly lines: readonly string[];
  /** The number of the first one. @default 1 */
  readonly first?: number;
  /** The number of the line that is meant. */
  readonly marked?: number;
  /** Lines can be linked to: `#L14`. */
  readonly isLinked?: boolean;
}

/** A text with its line numbers, which can be scrolled by keyboard. */
export function CodeLines({ label, lines, first = 1, marked, isLinked }: CodeLinesProps): JSX.Element {
  return (
    <section class="code" aria-label={label} tabindex={0}>
      <ol start={first}>
        {lines.map((line, index) => {
          const number = first + index;
          return (
            <li
              key={number}
              id={isLinked ? `L${number}` : undefined}
              class={number === marked ? "marked" : undefined}
            >
              <span class="line-number" aria-hidden="true">
                {number}
              </span>
              <code>{line === "" ? "\n" : line}</code>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
