import type { HoursPolicy } from "../team_policy.ts";

/** A time in which no hours are open. */
export interface Closing {
  /** When it begins, in the hours' time zone: `Friday at 18:00`, or `2026-12-24 at 18:00` where holidays make it longer. */
  readonly from: string;
  readonly minutes: number;
}

const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A Monday, in days since the epoch: in the weeks after it no holiday counts. */
const MONDAY = 4;

/** So many days lie between two openings at most, where there is one a week and a holiday or two close it. */
const AROUND = 15;

/** Lists of holidays are for some years; a longer one is not looked through. */
const MAX_DAYS = 4_000;

/**
 * The longest time between two openings, by the clock on the wall: what an hour of summer time adds is left out, and so is
 * the organisation's bound, within which these hours are. Undefined: they never close.
 */
export function longestClosing(hours: HoursPolicy): Closing | undefined {
  const week = longestIn(hours, { first: MONDAY, last: MONDAY + AROUND, isHoliday: () => false });
  const listed = hours.holidays.flatMap(({ days }) => [...days].map((day) => Date.parse(day) / DAY_MS));
  if (listed.length === 0) return week && toClosing(week, weekdayOf(week.from));
  const off = new Set(listed);
  const first = listed.reduce((a, b) => Math.min(a, b)) - AROUND;
  const last = Math.min(listed.reduce((a, b) => Math.max(a, b)) + AROUND, first + MAX_DAYS);
  const longest = longestIn(hours, { first, last, isHoliday: (day) => off.has(day) });
  if (longest === undefined || longest.minutes <= (week?.minutes ?? 0))
    return week && toClosing(week, weekdayOf(week.from));
  const date = new Date(Math.floor(longest.from / DAY_MINUTES) * DAY_MS).toISOString().slice(0, 10);
  return toClosing(longest, date);
}

/** A time in minutes since the epoch. */
interface Gap {
  readonly from: number;
  readonly minutes: number;
}

function longestIn(
  { windows }: HoursPolicy,
  {
    first,
    last,
    isHoliday,
  }: { readonly first: number; readonly last: number; readonly isHoliday: (day: number) => boolean },
): Gap | undefined {
  const sorted = [...windows].sort((a, b) => a.from - b.from);
  let longest: Gap | undefined;
  let closedFrom: number | undefined;
  for (let day = first; day <= last; day++) {
    if (isHoliday(day)) continue;
    for (const { days, from, to } of sorted) {
      if (!days.has(((((day + 3) % 7) + 7) % 7) + 1)) continue;
      const opens = day * DAY_MINUTES + from;
      const minutes = opens - (closedFrom ?? opens);
      if (closedFrom !== undefined && minutes > (longest?.minutes ?? 0))
        longest = { from: closedFrom, minutes };
      closedFrom = Math.max(closedFrom ?? 0, day * DAY_MINUTES + to);
    }
  }
  return longest;
}

/** Day 0 of the epoch was a Thursday. */
function weekdayOf(minute: number): string {
  return DAYS[(Math.floor(minute / DAY_MINUTES) + 3) % 7] ?? "";
}

function toClosing({ from, minutes }: Gap, day: string): Closing {
  const two = (value: number): string => String(value).padStart(2, "0");
  const minute = from % DAY_MINUTES;
  return { from: `${day} at ${two(Math.floor(minute / 60))}:${two(minute % 60)}`, minutes };
}
