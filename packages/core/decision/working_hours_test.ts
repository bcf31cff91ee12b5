import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSend } from "../action/mod.ts";
import { formatProblem, loadPolicies } from "../policy/mod.ts";
import { decide } from "./decide.ts";

/** When an email that is asked for leaves: `now`, or at this time. */
interface Asked {
  readonly zone: string;
  readonly window: string;
  readonly asked: string;
  readonly leaves: string;
  /** Holidays. */
  readonly off?: string;
}

const NIGHT = 'days: sat, from: "22:00", to: "02:30"';
const EVERY_NIGHT = 'days: mon-sun, from: "22:00", to: "06:00"';
const ALL_DAY = 'days: mon-sun, from: "00:00", to: "24:00"';

/** Clocks go forward and back in five zones: by an hour and by half an hour, at night and at midnight, on both sides of the earth. */
const CASES: Readonly<Record<string, Asked>> = {
  "a window that clocks skip does not open that day": {
    ...{ zone: "Europe/Paris", window: 'days: mon-sun, from: "02:15", to: "02:45"' },
    ...{ asked: "2026-03-29T00:00:00Z", leaves: "2026-03-30T00:15:00.000Z" },
  },
  "a night shift is open until clocks skip its end": {
    ...{ zone: "Europe/Paris", window: NIGHT, asked: "2026-03-29T00:59:59Z", leaves: "now" },
  },
  "and not after that": {
    ...{ zone: "Europe/Paris", window: NIGHT },
    ...{ asked: "2026-03-29T01:00:00Z", leaves: "2026-04-04T20:00:00.000Z" },
  },
  "a night shift's end that exists twice is open twice": {
    ...{ zone: "Europe/Paris", window: NIGHT },
    ...{ asked: "2026-10-25T00:45:00Z", leaves: "2026-10-25T01:00:00.000Z" },
  },
  "a window whose opening is skipped opens when the gap ends": {
    ...{ zone: "America/New_York", window: 'days: sun, from: "02:30", to: "04:00"' },
    ...{ asked: "2026-03-08T06:00:00Z", leaves: "2026-03-08T07:00:00.000Z" },
  },
  "a window that exists twice opens twice": {
    ...{ zone: "America/New_York", window: 'days: sun, from: "01:00", to: "01:30"' },
    ...{ asked: "2026-11-01T05:30:00Z", leaves: "2026-11-01T06:00:00.000Z" },
  },
  "half an hour is skipped on Lord Howe": {
    ...{ zone: "Australia/Lord_Howe", window: 'days: sun, from: "02:00", to: "02:30"' },
    ...{ asked: "2026-10-03T15:00:00Z", leaves: "2026-10-10T15:00:00.000Z" },
  },
  "half an hour exists twice on Lord Howe": {
    ...{ zone: "Australia/Lord_Howe", window: 'days: sun, from: "01:45", to: "02:00"' },
    ...{ asked: "2026-04-04T15:00:00Z", leaves: "2026-04-04T15:15:00.000Z" },
  },
  "a night shift ends when midnight's hour is skipped in Havana": {
    ...{ zone: "America/Havana", window: 'days: sat, from: "22:00", to: "00:30"' },
    ...{ asked: "2026-03-08T05:00:00Z", leaves: "2026-03-15T02:00:00.000Z" },
  },
  "midnight's hour exists twice in Havana": {
    ...{ zone: "America/Havana", window: 'days: sun, from: "00:30", to: "00:45"' },
    ...{ asked: "2026-11-01T04:50:00Z", leaves: "2026-11-01T05:30:00.000Z" },
  },
  "the evening before exists twice in Santiago": {
    ...{ zone: "America/Santiago", window: 'days: sat, from: "22:00", to: "23:30"' },
    ...{ asked: "2026-04-05T02:45:00Z", leaves: "2026-04-05T03:00:00.000Z" },
  },
  "a day that begins at one o'clock in Santiago has no window before it": {
    ...{ zone: "America/Santiago", window: 'days: sun, from: "00:00", to: "00:45"' },
    ...{ asked: "2026-09-06T03:00:00Z", leaves: "2026-09-13T03:00:00.000Z" },
  },
  "a night shift that begins before a holiday goes on into it": {
    ...{ zone: "Europe/Paris", window: EVERY_NIGHT, off: "2026-12-25" },
    ...{ asked: "2026-12-25T04:59:59Z", leaves: "now" },
  },
  "and none begins on the holiday": {
    ...{ zone: "Europe/Paris", window: EVERY_NIGHT, off: "2026-12-25" },
    ...{ asked: "2026-12-25T05:00:00Z", leaves: "2026-12-26T21:00:00.000Z" },
  },
  "nor goes on after it": {
    ...{ zone: "Europe/Paris", window: EVERY_NIGHT, off: "2026-12-25" },
    ...{ asked: "2026-12-26T00:00:00Z", leaves: "2026-12-26T21:00:00.000Z" },
  },
  "a holiday has not begun before it does in the hours' zone": {
    ...{ zone: "Pacific/Auckland", window: ALL_DAY, off: "2026-12-25" },
    ...{ asked: "2026-12-24T10:59:59Z", leaves: "now" },
  },
  "and begins and ends with the day there": {
    ...{ zone: "Pacific/Auckland", window: ALL_DAY, off: "2026-12-25, 2026-12-26" },
    ...{ asked: "2026-12-24T11:00:00Z", leaves: "2026-12-26T11:00:00.000Z" },
  },
};

for (const [what, asked] of Object.entries(CASES)) {
  test(`nextOpening(): ${what}`, () => {
    const { effect, sendAt } = ask(asked);
    assert.equal(effect, "allow");
    assert.equal(sendAt ?? "now", asked.leaves);
  });
}

test("nextOpening() finds none where holidays close every window of a year, and the email is denied", () => {
  const days = Array.from({ length: 70 }, (_, week) => new Date(Date.UTC(2026, 0, 7 + 7 * week)));
  const off = days.map((day) => day.toISOString().slice(0, 10)).join(", ");
  const window = 'days: wed, from: "08:00", to: "09:00"';
  const { effect, findings } = ask({ zone: "UTC", window, off, asked: "2026-01-01T00:00:00Z", leaves: "" });
  assert.equal(effect, "deny");
  assert.match(findings.find(({ rule }) => rule === "hours")?.message ?? "", /no working hours in sight/);
});

test("hours name both places of holidays: where the hours are, and where the days are listed", () => {
  const { findings } = ask({
    ...{ zone: "Europe/Paris", window: ALL_DAY, off: "2026-12-25" },
    ...{ asked: "2026-12-25T12:00:00Z", leaves: "" },
  });
  const { where, detail } = findings.find(({ rule }) => rule === "hours") ?? assert.fail();
  assert.equal(where?.file, "teams/ops.yaml");
  assert.equal(detail, "It is one of the holidays off at teams/_organisation.yaml:1:18");
});

test("hours tell of a holiday where it is one in their time zone, and of none where it is not", () => {
  const detail = (asked: string) =>
    ask({
      ...{ zone: "Pacific/Auckland", window: 'days: fri, from: "00:00", to: "00:01"' },
      off: "2026-12-25",
      asked,
      leaves: "",
    }).findings.find(({ rule }) => rule === "hours")?.detail ?? "";
  assert.match(detail("2026-12-24T12:00:00Z"), /one of the holidays off/);
  assert.equal(detail("2026-12-25T12:00:00Z"), "");
});

function ask({ zone, window, off, asked }: Asked) {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const holidays = off === undefined ? "" : ", holidays: [off]";
  const team = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer }]
recipients: { external: allow }
hours: { timezone: ${zone}, outside: schedule, windows: [{ ${window} }]${holidays} }
`;
  const files = [file("ops.yaml", team)];
  if (off !== undefined) files.push(file("_organisation.yaml", `holidays: { off: [${off}] }\n`));
  const loaded = loadPolicies(files, { sha256: () => "" });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  const now = Date.parse(asked);
  return decide(loaded.policies, parseSend({ to: "a@acme.example", subject: "Hello", body: "Hello" }), {
    ...{ now, team: "ops", assistant: "writer" },
    live: { oversight: "monitored", allowlist: [], active: true, seenAt: now },
  });
}
