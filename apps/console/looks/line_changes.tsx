/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { diffLines } from "diff";
import type { JSX } from "hono/jsx/jsx-runtime";

/** A line of a comparison. */
export interface LineChange {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
  /** In the text after, or before where it was removed; from 1. */
  readonly line: number;
}

/** So many lines around a change are shown. */
const CONTEXT = 3;

/** Longer than this nothing is compared, in milliseconds: two long texts may have nothing in common. */
const PATIENCE_MS = 500;

/** What changed between two texts, line by line; empty: nothing. Undefined: they differ in too much. */
export function lineChanges(before: string, after: string): readonly LineChange[] | undefined {
  const parts = diffLines(before, after, { timeout: PATIENCE_MS });
  if (parts === undefined) return undefined;
  const all: LineChange[] = [];
  let [old, now] = [0, 0];
  for (const { added, removed, value } of parts) {
    for (const text of value.replace(/\r?\n$/, "").split(/\r?\n/)) {
      if (!added) old++;
      if (!removed) now++;
      all.push({ kind: added ? "added" : removed ? "removed" : "same", text, line: removed ? old : now });
    }
  }
  if (all.every(({ kind }) => kind === "same")) return [];
  const isNear = (index: number) =>
    all.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== "same");
  return all.flatMap((change, index) => {
    if (isNear(index)) return [change];
    return index === 0 || isNear(index - 1) ? [{ kind: "gap", text: "", line: 0 } as const] : [];
  });
}

const SIGNS: Readonly<Record<LineChange["kind"], string>> = { same: " ", added: "+", removed: "−", gap: "⋯" };
const WORDS: Readonly<Record<LineChange["kind"], string>> = {
  same: "",
  added: "Added: ",
  removed: "Removed: ",
  gap: "Lines that did not change",
};

/** A comparison of two texts, whose changes have a sign and, for those who hear them, a word. */
export function LineChanges({
  label,
  changes,
}: {
  readonly label: string;
  readonly changes: readonly LineChange[];
}): JSX.Element {
  return (
    <section class="code" aria-label={label} tabindex={0}>
      <ol>
        {changes.map(({ kind, text, line }, index) => (
          <li key={index} class={kind}>
            <span class="line-number" aria-hidden="true">
              {kind === "gap" ? "" : line}
            </span>
            <span class="sign" aria-hidden="true">
              {SIGNS[kind]}
            </span>
            {kind !== "same" && <span class="hidden">{WORDS[kind]}</span>}
            <code>{text === "" ? "\n" : text}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
