import type { AssistantPolicy, HolidayList, HoursPolicy, HoursWindow, TeamPolicy } from "../policy/mod.ts";
import { offsetAt } from "../policy/values/zone_offset.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** Longer than any window of the week is closed by holidays that somebody lists for a year. */
const AHEAD_MS = 400 * DAY_MS;

/** The hours of an assistant: its own, or the team's; undefined: email may leave always. */
export function hoursOf(policy: TeamPolicy, assistant: AssistantPolicy | undefined): HoursPolicy | undefined {
  return assistant?.hours ?? policy.hours;
}

/** Whether the instant (epoch ms) falls in the hours, and in those of the organisation that bound them. */
export function isWithinHours(hours: HoursPolicy, instant: number): boolean {
  return closedBy(hours, instant) === undefined;
}

/** The hours, these or those that bound them, in which the instant does not fall. */
export function closedBy(hours: HoursPolicy, instant: number): HoursPolicy | undefined {
  if (!isOpen(hours, instant)) return hours;
  return hours.within && closedBy(hours.within, instant);
}

/**
 * The first instant (epoch ms) after this one, which is outside the hours, at which they begin, or begin again because a
 * clock was set back. Undefined: not within a year.
 */
export function nextOpening(hours: HoursPolicy, instant: number): number | undefined {
  let at = instant;
  for (;;) {
    const closed = closedBy(hours, at);
    if (closed === undefined) return at;
    const next = nextOwnOpening(closed, at);
    if (next === undefined || next > instant + AHEAD_MS) return undefined;
    at = next;
  }
}

/** The list of holidays that keeps a window from beginning on the day of an instant (epoch ms), in the hours' time zone. */
export function holidayAt({ holidays, timezone }: HoursPolicy, instant: number): HolidayList | undefined {
  const day = dayOf(localOf(timezone, instant));
  return holidays.find(({ days }) => days.has(day));
}

function isOpen(hours: HoursPolicy, instant: number): boolean {
  const local = localOf(hours.timezone, instant);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const minute = Math.floor((local - midnight) / MINUTE_MS);
  return hours.windows.some(
    (window) =>
      (isWithin(window, minute) && begins(hours, window, midnight)) ||
      (isWithin(window, minute + DAY_MINUTES) && begins(hours, window, midnight - DAY_MS)),
  );
}

function isWithin({ from, to }: HoursWindow, minute: number): boolean {
  return minute >= from && minute < to;
}

/** Whether a window begins on the day whose local midnight this is. */
function begins({ holidays }: HoursPolicy, { days }: HoursWindow, midnight: number): boolean {
  if (!days.has(weekdayOf(midnight))) return false;
  if (holidays.length === 0) return true;
  const day = dayOf(midnight);
  return !holidays.some((list) => list.days.has(day));
}

function nextOwnOpening(hours: HoursPolicy, instant: number): number | undefined {
  const today = Math.floor(localOf(hours.timezone, instant) / DAY_MS) * DAY_MS;
  let earliest: number | undefined;
  // Yesterday's window may begin again today, where a clock is set back.
  for (let midnight = today - DAY_MS; midnight <= today + AHEAD_MS; midnight += DAY_MS) {
    // A day that is later begins later, but what is left of a window after midnight may begin again after the next one.
    if (earliest !== undefined && localOf(hours.timezone, earliest) < midnight) return earliest;
    for (const window of hours.windows) {
      if (!begins(hours, window, midnight)) continue;
      if (midnight < today && window.to <= DAY_MINUTES) continue;
      const opening = openingOn(hours, { window, midnight, after: instant });
      if (opening !== undefined && opening < (earliest ?? Number.POSITIVE_INFINITY)) earliest = opening;
    }
  }
  return earliest;
}

/** When a window that begins on a day opens after an instant. */
function openingOn(
  hours: HoursPolicy,
  {
    window,
    midnight,
    after,
  }: { readonly window: HoursWindow; readonly midnight: number; readonly after: number },
): number | undefined {
  const early = offsetAt(hours.timezone, midnight - DAY_MS);
  const late = offsetAt(hours.timezone, midnight + 3 * DAY_MS);
  const first = midnight + window.from * MINUTE_MS - Math.max(early, late);
  // Where clocks change about that day, every minute is tried.
  const last = early === late ? first : midnight + window.to * MINUTE_MS - Math.min(early, late);
  for (let opening = first; opening <= last; opening += MINUTE_MS)
    if (opening > after && isOpen(hours, opening)) return opening;
  return undefined;
}

/** The date and time that clocks show, as the instant at which they show it in UTC. */
function localOf(timezone: string, instant: number): number {
  return instant + offsetAt(timezone, instant);
}

/** ISO weekday of a local time: 1 Monday to 7 Sunday. Day 0 of the epoch was a Thursday. */
function weekdayOf(local: number): number {
  return mod(Math.floor(local / DAY_MS) + 3, 7) + 1;
}

/** `2026-12-25` */
function dayOf(local: number): string {
  return new Date(local).toISOString().slice(0, 10);
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
