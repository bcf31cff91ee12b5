/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icon.tsx";

/** How something stands: each has a colour, an icon and words. */
export type Tone = "ok" | "warn" | "bad" | "info";

/** A state in a word or two. */
export function State({ tone, children }: { tone: Tone; children?: Child }): JSX.Element {
  return (
    <span class={`state ${tone}`}>
      <Icon name={tone} />
      <span>{children}</span>
    </span>
  );
}

/** Something that everybody should read first. */
export function Notice({
  tone,
  title,
  children,
}: {
  tone: Tone;
  title: string;
  children?: Child;
}): JSX.Element {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      <Icon name={tone} />
      <div>
        <p class="notice-title">{title}</p>
        {children}
      </div>
    </div>
  );
}

/** Where there is nothing to show: what that means. */
export function Empty({ title, children }: { title: string; children?: Child }): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({ id, title, aside, children }: SectionProps): JSX.Element {
  return (
    <section class="card" aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What a section is made of. */
export interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** What stands beside the heading. */
  readonly aside?: Child;
  readonly children?: Child;
}
