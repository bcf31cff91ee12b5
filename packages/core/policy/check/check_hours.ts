import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { SHORT_FORM } from "../schema/hours.ts";
import { isTimeZone, parseTimeOfDay, parseWeekdays } from "../values/times.ts";
import { offsetAt } from "../values/zone_offset.ts";
import { type Entry, entriesAt, textsAt } from "./_entries_at.ts";
import { loosens } from "./check_bound_rules.ts";
import { namesIn, unknownName } from "./check_names.ts";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** What is wrong in the hours of a team, of its assistants, or of the organisation. */
export function checkHours(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const lists = organisation === undefined ? [] : namesIn([organisation], "holidays");
  return hoursIn(document).flatMap(({ path }) => [
    ...checkForm(document, path),
    ...checkShortForm(document, path),
    ...entriesAt(document, `${path}.windows[]`).flatMap((window) => checkWindow(document, window)),
    ...textsAt(document, `${path}.holidays[]`)
      .filter(({ value }) => !lists.includes(value))
      .map(({ value, where, path }) => ({ where, path, message: unknownName(value, lists, "holidays") })),
  ]);
}

/** Where the hours of a team, or of an assistant, go beyond the organisation's. */
export function checkHoursBound(
  team: PolicyDocument,
  organisation: PolicyDocument,
): readonly PolicyProblem[] {
  const [bound] = entriesAt(organisation, "hours");
  const zone = zoneAt(organisation, "hours");
  if (bound === undefined || zone === undefined) return [];
  const most = weekOf(windowsAt(organisation, "hours"));
  const closed = closedDays(organisation, organisation, "hours");
  return hoursIn(team).flatMap((hours) => {
    const own = zoneAt(team, hours.path);
    if (own === undefined) return [];
    const shifts = own === zone ? [0] : differences(own, zone);
    const wide = windowsAt(team, hours.path).flatMap((window) => {
      const minute = firstOutside(weekOf([window]), most, shifts);
      if (minute === undefined) return [];
      return [loosens(window.entry, `these hours reach beyond its own, on ${nameOf(minute)}`, bound)];
    });
    const open = closed.find(
      ({ day }) => !closedDays(team, organisation, hours.path).some((own) => own.day === day),
    );
    if (open === undefined) return wide;
    const [list = hours] = entriesAt(team, `${hours.path}.holidays`);
    return [...wide, loosens(list, `it has the holidays "${open.name}", and these hours have not`, bound)];
  });
}

/** Every `hours:` of a file. */
function hoursIn(document: PolicyDocument): readonly Entry[] {
  return [...entriesAt(document, "hours"), ...entriesAt(document, "assistants[].hours")];
}

/** Either windows, or all keys of the short form. */
function checkForm(document: PolicyDocument, path: string): readonly PolicyProblem[] {
  const [hours] = entriesAt(document, path);
  if (typeof hours?.value !== "object" || hours.value === null || Array.isArray(hours.value)) return [];
  const [windows] = entriesAt(document, `${path}.windows`);
  return Object.entries(SHORT_FORM).flatMap(([key, about]) => {
    const [entry] = entriesAt(document, `${path}.${key}`);
    if ((entry === undefined) === (windows !== undefined)) return [];
    const message =
      entry === undefined
        ? `Missing key "${key}": ${about}`
        : 'Must not stand beside "windows": write it as one of them';
    return [{ where: (entry ?? hours).where, path: `${path}.${key}`, message }];
  });
}

function checkShortForm(document: PolicyDocument, path: string): readonly PolicyProblem[] {
  const [from] = textsAt(document, `${path}.from`);
  const [to] = textsAt(document, `${path}.to`);
  if (from === undefined || to === undefined) return [];
  const start = parseTimeOfDay(from.value);
  const end = parseTimeOfDay(to.value);
  if (start === undefined || end === undefined || start < end) return [];
  const message = `Must be after "${from.value}", on the same day: hours over midnight are written as windows`;
  return [{ where: to.where, path: to.path, message }];
}

function checkWindow(document: PolicyDocument, window: Entry): readonly PolicyProblem[] {
  const [from] = textsAt(document, `${window.path}.from`);
  const [to] = textsAt(document, `${window.path}.to`);
  if (from?.value === "24:00")
    return [
      { where: from.where, path: from.path, message: 'Must be before "24:00": a day begins at "00:00"' },
    ];
  if (from === undefined || to === undefined || from.value !== to.value) return [];
  const message = `Must not be "${from.value}", as "from" is: a whole day is from "00:00" to "24:00"`;
  return [{ where: to.where, path: to.path, message }];
}

interface WrittenWindow {
  readonly entry: Entry;
  readonly days: ReadonlySet<number>;
  readonly from: number;
  readonly to: number;
}

/** The windows at a path, as far as they can be read. */
function windowsAt(document: PolicyDocument, path: string): readonly WrittenWindow[] {
  const windows = entriesAt(document, `${path}.windows[]`);
  return (windows.length > 0 ? windows : entriesAt(document, path)).flatMap((entry) => {
    const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined => {
      const [text] = textsAt(document, `${entry.path}.${key}`);
      return text && parse(text.value);
    };
    const [days, from, to] = [
      read("days", parseWeekdays),
      read("from", parseTimeOfDay),
      read("to", parseTimeOfDay),
    ];
    if (days === undefined || from === undefined || to === undefined) return [];
    return [{ entry, days, from, to: to > from ? to : to + DAY }];
  });
}

/** Which minutes of a week, from Monday's midnight, windows hold. */
function weekOf(windows: readonly WrittenWindow[]): Uint8Array {
  const week = new Uint8Array(WEEK);
  for (const { days, from, to } of windows)
    for (const day of days)
      for (let minute = from; minute < to; minute++) week[((day - 1) * DAY + minute) % WEEK] = 1;
  return week;
}

/** The first minute of a week that is not one of the other's, whatever shift there is between their clocks. */
function firstOutside(week: Uint8Array, most: Uint8Array, shifts: readonly number[]): number | undefined {
  for (let minute = 0; minute < WEEK; minute++) {
    if (week[minute] === 0) continue;
    if (shifts.some((shift) => most[(minute - shift + WEEK) % WEEK] === 0)) return minute;
  }
  return undefined;
}

/** `Monday at 07:00` */
function nameOf(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${DAYS[Math.floor(minute / DAY)]} at ${two(Math.floor((minute % DAY) / 60))}:${two(minute % 60)}`;
}

function zoneAt(document: PolicyDocument, path: string): string | undefined {
  const [zone] = textsAt(document, `${path}.timezone`);
  return zone !== undefined && isTimeZone(zone.value) ? zone.value : undefined;
}

/** The days of the lists that hours name. */
function closedDays(
  document: PolicyDocument,
  organisation: PolicyDocument,
  path: string,
): readonly { readonly day: string; readonly name: string }[] {
  return textsAt(document, `${path}.holidays[]`).flatMap(({ value: name }) =>
    textsAt(organisation, `holidays.${name}[]`).map(({ value: day }) => ({ day, name })),
  );
}

/** Five years hold every pair of offsets that rules of today come to. */
const SAMPLES_FROM = Date.UTC(2026, 0, 1);
const SAMPLES_TO = Date.UTC(2031, 0, 1);
const SAMPLE_MS = 3 * 86_400_000;
const known = new Map<string, readonly number[]>();

/** By how many minutes one zone's clocks are ahead of another's, at any time of some years. */
function differences(zone: string, other: string): readonly number[] {
  const key = `${zone} ${other}`;
  const seen = known.get(key) ?? [...new Set(samples(zone, other))];
  known.set(key, seen);
  return seen;
}

function samples(zone: string, other: string): readonly number[] {
  return Array.from({ length: (SAMPLES_TO - SAMPLES_FROM) / SAMPLE_MS }, (_, index) => {
    const at = SAMPLES_FROM + index * SAMPLE_MS;
    return Math.round((offsetAt(zone, at) - offsetAt(other, at)) / 60_000);
  });
}
