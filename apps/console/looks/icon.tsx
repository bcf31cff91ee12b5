/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import type { NavName } from "./nav.ts";

/** What there is a picture of. */
export type IconName =
  | NavName
  | "seal"
  | "ok"
  | "warn"
  | "bad"
  | "info"
  | "inside"
  | "outside"
  | "first"
  | "alike";

/** Lines on a field of 24 by 24. */
const PATHS: Readonly<Record<IconName, string>> = {
  seal: "M12 2.8 19.5 6v5.6c0 4.6-3.1 8-7.5 9.6-4.4-1.6-7.5-5-7.5-9.6V6L12 2.8ZM8.4 11.9l2.6 2.6 4.8-5",
  queue: "M4 13v6h16v-6M4 13l2.5-8h11L20 13M4 13h4.5l1.2 2.5h4.6l1.2-2.5H20",
  incoming: "M3.5 7.5h17v11h-17v-11Zm0 .5 8.5 6 8.5-6M12 2.5v5m-2-2 2 2 2-2",
  policies: "M6 3h8.5L19 7.5V21H6V3ZM14 3v5h5M9 12.5h7M9 16h7",
  history: "M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.4M3.5 4v4.4h4.4M12 7.5V12l3 2",
  figures: "M4 20V4M4 20h16M8.5 16v-4M13 16V7M17.5 16v-6.5",
  trail: "M5 6h.01M5 12h.01M5 18h.01M9 6h10.5M9 12h10.5M9 18h10.5",
  mailboxes: "M3.5 6h17v12h-17V6Zm0 1 8.5 6.5L20.5 7",
  ok: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM8.3 12.2l2.5 2.5 4.9-5.1",
  warn: "M12 4 21 19.5H3L12 4Zm0 6v4.5m0 2.5v.01",
  bad: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM9 9l6 6m0-6-6 6",
  info: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 11v5m0-8.2v.01",
  inside: "M4 20V10l8-6 8 6v10H4Zm5.5 0v-6h5v6",
  outside: "M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9",
  first: "M12 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM4.5 20c.6-3.6 3.6-6 7.5-6M18 14.5v6M15 17.5h6",
  alike: "M3.5 9c1.5-2 3.5-2 5 0s3.5 2 5 0 3.5-2 5 0M3.5 15c1.5-2 3.5-2 5 0s3.5 2 5 0 3.5-2 5 0",
};

/** A small picture beside words, which say the same. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width="18"
      height="18"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
