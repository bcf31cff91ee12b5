import { suggest } from "@countersign/core/suggest";
import { InvalidArgumentError } from "commander";

/** What a time is read with. */
export interface ParseTimeOptions {
  /** Epoch milliseconds, from which `7d` counts back. */
  readonly now: number;
  /** IANA time zone of what names none. */
  readonly zone: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: 60 * MINUTE, d: DAY, w: 7 * DAY };
/** Days from today. */
const DAYS: Readonly<Record<string, number>> = { today: 0, yesterday: -1, tomorrow: 1 };

/**
 * A moment as people write it, in epoch milliseconds: `2026-11-23`, `2026-11-23T10:00:00Z`, `2026-11`, `7d` (that long
 * ago), `yesterday`, `now`. A day, and a month, is its first instant in the time zone.
 *
 * @throws {InvalidArgumentError} when it is none, or there is no such day
 */
export function parseTime(text: string, { now, zone }: ParseTimeOptions): number {
  const word = text.trim().toLowerCase();
  if (word === "now") return now;
  const days = Object.hasOwn(DAYS, word) ? DAYS[word] : undefined;
  if (days !== undefined) return startOfDay(addDays(dayAt(now, zone), days), zone);
  const [, count, unit = ""] = /^(\d{1,5}) ?([mhdw])(?: ago)?$/.exec(word) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  const form =
    /^(\d{4}-\d\d)(-\d\d)?(?:(?<=-\d\d-\d\d)[t ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?(z|[+-]\d\d:\d\d)?)?$/.exec(
      word,
    );
  if (form === null) throw new InvalidArgumentError(WANTED);
  const [, month = "", day = "-01", minute, seconds = ":00", offset] = form;
  const date = `${month}${day}`;
  // `Date` takes the 30th of February for the 2nd of March.
  const noon = Date.parse(`${date}T12:00:00Z`);
  if (Number.isNaN(noon) || dayAt(noon, "UTC") !== date)
    throw new InvalidArgumentError(`There is no day ${date}`);
  if (minute === undefined) return startOfDay(date, zone);
  const local = Date.parse(`${date}T${minute}${seconds}Z`);
  const isClock = /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(minute) && /^:[0-5]\d/.test(seconds);
  if (!isClock || Number.isNaN(local)) throw new InvalidArgumentError(`There is no time ${minute}${seconds}`);
  if (offset !== undefined) {
    const time = Date.parse(`${date}T${minute}${seconds}${offset.toUpperCase()}`);
    if (Number.isNaN(time)) throw new InvalidArgumentError(`There is no offset ${offset}`);
    return time;
  }
  const [first] = instantsOf(local, zone);
  if (first !== undefined) return first;
  throw new InvalidArgumentError(`Clocks in ${zone} never showed ${date} ${minute}: they were put forward`);
}

const WANTED = "A time is needed, like 2026-11-23, 2026-11-23T10:00:00Z, 7d or yesterday";

/**
 * Takes an IANA time zone as it is.
 *
 * @throws {InvalidArgumentError} when there is none of that name
 */
export function parseZone(text: string): string {
  try {
    if (/^[A-Za-z]/.test(text))
      return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    // Told below.
  }
  const near = suggest(text, Intl.supportedValuesOf("timeZone"));
  const hint = near === undefined ? "" : `, did you mean ${near}?`;
  throw new InvalidArgumentError(`A time zone is needed, like Europe/Berlin${hint}`);
}

/** What clocks in a zone show at a time (epoch ms): `2026-11-23 10:00:00`. */
export function localTime(at: number, zone: string): string {
  const local = new Date(at + offsetAt(zone, at)).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)}`;
}

/** First instants of a calendar month (`2026-11`) and of the one after it. */
export function monthSpan(month: string, zone: string): { readonly since: number; readonly until: number } {
  const [year = 0, index = 1] = month.split("-").map(Number);
  const next =
    index === 12
      ? `${String(year + 1).padStart(4, "0")}-01`
      : `${month.slice(0, 5)}${String(index + 1).padStart(2, "0")}`;
  return { since: startOfDay(`${month}-01`, zone), until: startOfDay(`${next}-01`, zone) };
}

function dayAt(at: number, zone: string): string {
  return localTime(at, zone).slice(0, 10);
}

function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);
}

/** Where clocks are put forward at midnight, the day begins later. */
function startOfDay(day: string, zone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return instantsOf(midnight, zone)[0] ?? midnight - offsetAt(zone, midnight - DAY);
}

/** When clocks in the zone show this, in order: twice when they are put back, never when they skip it. */
function instantsOf(local: number, zone: string): readonly number[] {
  const offsets = new Set([local - DAY, local + DAY].map((near) => offsetAt(zone, near)));
  return [...offsets]
    .filter((offset) => offsetAt(zone, local - offset) === offset)
    .map((offset) => local - offset)
    .sort((a, b) => a - b);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far clocks are ahead of UTC, in milliseconds. */
function offsetAt(zone: string, at: number): number {
  if (zone === "UTC") return 0;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
  formats.set(zone, format);
  const second = Math.floor(at / 1000) * 1000;
  const parts = Object.fromEntries(
    format.formatToParts(second).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
}
