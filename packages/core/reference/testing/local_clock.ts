/** What a clock on a wall shows. */
export interface LocalTime {
  /** ISO weekday, 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** Minutes since midnight. */
  readonly minute: number;
  /** `2026-12-25` */
  readonly date: string;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const QUARTER = 15;
const clocks = new Map<string, Clock>();

interface Clock {
  readonly format: Intl.DateTimeFormat;
  /** By quarters of an hour since the epoch, what it shows in each minute of one: asking takes longer than remembering. */
  readonly known: Map<number, readonly LocalTime[]>;
}

/** What a clock in an IANA time zone shows at an epoch millisecond, as Intl says it. */
export function localTime(timezone: string, at: number): LocalTime {
  const clock = clocks.get(timezone) ?? newClock(timezone);
  clocks.set(timezone, clock);
  const minute = Math.floor(at / 60_000);
  const quarter = Math.floor(minute / QUARTER);
  const times = clock.known.get(quarter) ?? readQuarter(clock.format, quarter * QUARTER);
  clock.known.set(quarter, times);
  return times[minute - quarter * QUARTER] as LocalTime;
}

/**
 * Intl is asked of its first and its last minute. A clock that shows the same day in both, and as many minutes later as passed,
 * showed those between; else Intl is asked of each.
 */
function readQuarter(format: Intl.DateTimeFormat, minute: number): readonly LocalTime[] {
  const [first, last] = [minute, minute + QUARTER - 1].map((one) => read(format, one * 60_000));
  const isEven = first?.date === last?.date && last?.minute === (first?.minute ?? 0) + QUARTER - 1;
  return Array.from({ length: QUARTER }, (_, index) =>
    first && isEven ? { ...first, minute: first.minute + index } : read(format, (minute + index) * 60_000),
  );
}

function newClock(timeZone: string): Clock {
  return {
    format: new Intl.DateTimeFormat("en-GB", {
      timeZone,
      weekday: "short",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }),
    known: new Map(),
  };
}

function read(format: Intl.DateTimeFormat, at: number): LocalTime {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    weekday: WEEKDAYS.indexOf(parts.get("weekday") ?? "") + 1,
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
    date: [parts.get("year"), parts.get("month"), parts.get("day")].join("-"),
  };
}
