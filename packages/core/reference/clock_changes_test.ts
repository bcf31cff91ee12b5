import assert from "node:assert/strict";
import { test } from "node:test";
import { isWithinHours, nextOpening } from "../decision/working_hours.ts";
import type { PolicyFile } from "../policy/mod.ts";
import { isOpenAt } from "./testing/hours_text.ts";
import { loadFiles } from "./testing/load_files.ts";
import { readFiles } from "./testing/read_files.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Days on which clocks go forward and back: by an hour and by half an hour, at night, at midnight and before it; and never. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  "Europe/Paris": ["2026-03-29", "2026-10-25"],
  "America/New_York": ["2026-03-08", "2026-11-01"],
  "America/Santiago": ["2026-09-06", "2026-04-05"],
  "America/Havana": ["2026-03-08", "2026-11-01"],
  "Australia/Lord_Howe": ["2026-10-04", "2026-04-05"],
  // Summer time all year, but for the month of Ramadan.
  "Africa/Casablanca": ["2026-03-22", "2026-02-15"],
  "Pacific/Chatham": ["2026-09-27", "2026-04-05"],
  "Asia/Kathmandu": ["2026-03-29"],
};

const WINDOWS: readonly string[] = [
  '{ days: mon-sun, from: "22:00", to: "06:00" }',
  '{ days: sat, from: "22:00", to: "02:30" }',
  '{ days: sat, from: "23:30", to: "23:15" }',
  '{ days: sun, from: "02:15", to: "02:45" }',
  '{ days: mon-sun, from: "00:00", to: "00:30" }',
  '{ days: sun, from: "00:00", to: "24:00" }',
  '{ days: sat, from: "18:00", to: "00:00" }, { days: sun, from: "01:45", to: "03:00" }',
];

/** Holidays, counted from the day on which clocks change: at a window's edge, within it, and after it. */
const HOLIDAYS: readonly (readonly number[])[] = [[], [-1], [0, 1]];

for (const [zone, days] of Object.entries(CHANGES))
  for (const day of days)
    test(`Hours are those of a clock on the wall, minute by minute, around ${day} in ${zone}`, () => {
      const midnight = Date.parse(day);
      const [first, last] = [midnight - 0.75 * DAY_MS, midnight + 2 * DAY_MS];
      for (const windows of WINDOWS)
        for (const holidays of HOLIDAYS) {
          const files = filesOf({
            zone,
            windows,
            holidays: holidays.map((off) => dayAt(midnight + off * DAY_MS)),
          });
          const hours = loadFiles(files).teams.get("ops")?.hours ?? assert.fail();
          const text = readFiles(files).get("ops")?.assistants.get("writer")?.hours ?? assert.fail();
          let opens: number | undefined;
          for (let at = last; at >= first; at -= MINUTE_MS) {
            const isOpen = isOpenAt(text, at);
            // A text for each of a million minutes would take longer than all else: only what differs gets one.
            if (isWithinHours(hours, at) !== isOpen) fail(at, { windows, closed: text.closed });
            if (isOpen) opens = at;
            // A minute in seven.
            else if ((at / MINUTE_MS) % 7 === 0) {
              if (isWithinHours(hours, at + MINUTE_MS - 1) !== isOpen)
                fail(at, { windows, closed: text.closed });
              const next = nextOpening(hours, at);
              const isFirst = next !== undefined && (opens === undefined ? next > last : next === opens);
              if (!isFirst) fail(at, { windows, closed: text.closed });
            }
          }
        }
    });

function fail(
  at: number,
  { windows, closed }: { readonly windows: string; readonly closed: readonly string[] },
): never {
  assert.fail(`${windows} without ${closed} at ${new Date(at).toISOString()}`);
}

interface Written {
  readonly zone: string;
  readonly windows: string;
  readonly holidays: readonly string[];
}

function filesOf({ zone, windows, holidays }: Written): readonly PolicyFile[] {
  const team = `team: ops
mailbox: { id: m, address: ops@acme.example }
oversight: monitored
assistants: [{ id: writer }]
hours: { timezone: ${zone}, windows: [${windows}], holidays: [${holidays.length > 0 ? "off" : ""}] }
`;
  const file = (name: string, content: string): PolicyFile => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(content),
  });
  const off =
    holidays.length > 0 ? [file("_organisation.yaml", `holidays: { off: [${holidays.join(", ")}] }\n`)] : [];
  return [file("ops.yaml", team), ...off];
}

function dayAt(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
