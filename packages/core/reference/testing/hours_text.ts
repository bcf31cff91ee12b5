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
  const today = { name: WEEK[weekday - 1] ?? "", date };
  const yesterday = { name: WEEK[(weekday + 5) % 7] ?? "", date: dayBefore(date) };
  return windows.some(({ days, from, to }) => {
    const [start, end] = [minutesOf(from), minutesOf(to)];
    // "A window over midnight belongs to the day on which it begins."
    const begins = ({ name, date }: typeof today) => namesDay(days, name) && !closed.includes(date);
    if (start < end) return begins(today) && start <= minute && minute < end;
    return (begins(today) && start <= minute) || (begins(yesterday) && minute < end);
  });
}

/** `mon-fri`, `sun-thu`, `sat, sun` */
function namesDay(days: string, name: string): boolean {
  return days.split(",").some((part) => {
    const [first = "", last = first] = part.trim().split("-");
    for (let day = WEEK.indexOf(first); ; day = (day + 1) % 7) {
      if (WEEK[day] === name) return true;
      if (WEEK[day] === last) return false;
    }
  });
}

function minutesOf(time: string): number {
  const [hours = "", minutes = ""] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
