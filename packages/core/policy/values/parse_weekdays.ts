const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Reads `mon-fri`, `sun-thu` or `mon, wed, fri` as ISO weekdays, 1 Monday to 7 Sunday. */
export function parseWeekdays(text: string): ReadonlySet<number> | undefined {
  if (text.length > 100) return undefined;
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [, first = "", last = first] = /^\s*([a-z]{3})(?:-([a-z]{3}))?\s*$/.exec(part) ?? [];
    const from = WEEKDAYS.indexOf(first);
    const to = WEEKDAYS.indexOf(last);
    if (from === -1 || to === -1) return undefined;
    // The week goes round: where Sunday is a working day, "sun-thu" is a week.
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day + 1);
      if (day === to) break;
    }
  }
  return days;
}
