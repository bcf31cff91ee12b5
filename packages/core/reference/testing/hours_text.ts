import { localTime } from "./local_clock.ts";

/** Hours by the words of a file. */
export interface HoursText {
  readonly timezone: string;
  readonly windows: readonly { readonly days: string; readonly from: string; readonly to: string }[];
  /** The days of the lists of holidays, `2026-12-25`. */
  readonly closed: readonly string[];
  readonly outside: "schedule" | "deny";
}

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Whether a clock on a wall shows a time within the hours: every day and window is looked at, as it is written. */
export function isOpenAt({ timezone, windows, closed }: HoursText, at: number): boolean {
  const { weekday, minute, date } = localTime(timezone, at);
  const yesterday = (weekday + 5) % 7;
  return windows.some(({ days, from, to }) => {
    const [start, end] = [minutesOf(from), minutesOf(to)];
    const beginsToday = begins(days, closed, { weekday: weekday - 1, date });
    if (start < end) return beginsToday && start <= minute && minute < end;
    if (beginsToday && start <= minute) return true;
    return minute < end && begins(days, closed, { weekday: yesterday, date: dayBefore(date) });
  });
}

/** "A window over midnight belongs to the day on which it begins." */
function begins(
  days: string,
  closed: readonly string[],
  { weekday, date }: { readonly weekday: number; readonly date: string },
): boolean {
  return daysOf(days).has(WEEK[weekday] ?? "") && !closed.includes(date);
}

/** `mon-fri`, `sun-thu`, `sat, sun` */
const daysOf = remembering((days) => {
  const names = days.split(",").flatMap((part) => {
    const [first = "", last = first] = part.trim().split("-");
    const [start, end] = [WEEK.indexOf(first), WEEK.indexOf(last)];
    return start <= end ? WEEK.slice(start, end + 1) : [...WEEK.slice(start), ...WEEK.slice(0, end + 1)];
  });
  return new Set(names);
});

const minutesOf = remembering((time) => {
  const [hours = "", minutes = ""] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
});

const dayBefore = remembering((date) =>
  new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10),
);

/** Few texts are read again for every minute of a month. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    known.set(text, value);
    return value;
  };
}
