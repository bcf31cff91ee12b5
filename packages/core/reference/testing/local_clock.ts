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
const clocks = new Map<string, Clock>();

interface Clock {
  readonly format: Intl.DateTimeFormat;
  /** By minutes since the epoch: asking takes longer than remembering. */
  readonly known: Map<number, LocalTime>;
}

/** What a clock in an IANA time zone shows at an epoch millisecond: Intl is asked, nothing is computed. */
export function localTime(timezone: string, at: number): LocalTime {
  const clock = clocks.get(timezone) ?? newClock(timezone);
  clocks.set(timezone, clock);
  const minute = Math.floor(at / 60_000);
  const time = clock.known.get(minute) ?? read(clock.format, minute * 60_000);
  clock.known.set(minute, time);
  return time;
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
