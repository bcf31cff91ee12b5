/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import { State } from "./parts.tsx";

/** A moment: short, in UTC until the script puts it into the reader's own time, with the exact one as a tooltip. */
export function Moment({ at }: { at: number | string }): JSX.Element {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <span>unknown</span>;
  const iso = date.toISOString();
  return (
    <time datetime={iso} title={`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}>
      {`${shortDay(date)}, ${iso.slice(11, 16)} UTC`}
    </time>
  );
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `28 Nov 2026`, in UTC. */
export function shortDay(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** How long ago something began, which the script keeps true. Both epoch milliseconds. */
export function Ago({ since, now }: { since: number; now: number }): JSX.Element {
  return <span data-since={since}>{durationText(now - since)}</span>;
}

/** What ends so soon is urgent, in milliseconds. */
const SOON_MS = 2 * 60 * 60_000;

/** How much time is left, which the script keeps true. Both epoch milliseconds. */
export function Left({ until, now }: { until: number; now: number }): JSX.Element {
  const ms = until - now;
  return (
    <State tone={ms < SOON_MS ? "bad" : "info"}>
      <span data-until={until}>{ms <= 0 ? "expires now" : `${durationText(ms)} left`}</span>
    </State>
  );
}

/** How long something took: `2 d 3 h`, `3 h 20 min`, `12 min`, `7 s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
