import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Action } from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import { type Context, decide } from "../decision/mod.ts";
import type { PolicyFile } from "../policy/mod.ts";
import { today } from "./testing/arbitrary_world.ts";
import { isOpenAt } from "./testing/hours_text.ts";
import { loadFiles } from "./testing/load_files.ts";
import { readFiles } from "./testing/read_files.ts";
import { referenceDecide } from "./testing/reference_decide.ts";
import { check } from "./testing/report.ts";

const SEED = 20_261_123;
const MINUTE_MS = 60_000;

/** Summer time of an hour, of half an hour and of two; at midnight, at night, in both halves of the earth; none. */
const ZONES = [
  "Europe/Paris",
  "America/New_York",
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "America/Havana",
  "Atlantic/Azores",
  "Pacific/Chatham",
  "America/Santiago",
  "Africa/Casablanca",
  "Asia/Kathmandu",
];

const EDGES = [0, 15, 60, 90, 120, 135, 150, 165, 180, 480, 1080, 1380, 1439];
const DAYS = ["mon-fri", "sun-thu", "sat, sun", "sat", "sun", "wed", "fri, mon", "mon-sun"];

/** Windows of a day and over midnight, on few days and on all. */
const window = fc
  .record({
    days: fc.constantFrom(...DAYS),
    edges: fc.uniqueArray(fc.constantFrom(...EDGES), { minLength: 2, maxLength: 2 }),
    endsAtMidnight: fc.nat(9),
  })
  .map(({ days, edges: [from = 0, to = 0], endsAtMidnight }) => ({
    ...{ days, from: clock(from), to: endsAtMidnight === 0 ? "24:00" : clock(to) },
  }));

/** Holidays are counted from the day of the instant. */
const hours = fc.record({
  timezone: fc.constantFrom(...ZONES),
  windows: fc.array(window, { minLength: 1, maxLength: 3 }),
  holidays: fc.uniqueArray(fc.integer({ min: -2, max: 4 }), { maxLength: 3 }),
});
type Hours = typeof hours extends fc.Arbitrary<infer T> ? T : never;

const instant = fc
  .tuple(today, fc.integer({ min: -2 * 1440, max: 2 * 1440 }), fc.constantFrom(-1, 0, 1))
  .map(([midnight, minutes, ms]) => ({ midnight, now: midnight + minutes * MINUTE_MS + ms }));

const ana = parseAddress("ana@client.example");

test("decide() schedules for the first minute in working hours, also where clocks change", () => {
  let compared = 0;
  check(
    fc.property(hours, instant, (hours, { midnight, now }) => {
      const files = filesOf(hours, midnight);
      const policies = loadFiles(files);
      const { sendAt } = decide(policies, ...question(now));
      const want = referenceDecide({ policies, files }, ...question(now)).sendAt;
      compared++;
      assert.equal(sendAt, want === undefined ? undefined : new Date(want).toISOString());
    }),
    { seed: SEED, numRuns: 2500 },
  );
  console.log(`compared ${compared} schedules, seed ${SEED}`);
});

test("decide() never lets an email leave outside working hours, also where clocks change", () => {
  check(
    fc.property(hours, instant, (hours, { midnight, now }) => {
      const files = filesOf(hours, midnight);
      const { effect, sendAt } = decide(loadFiles(files), ...question(now));
      const text = readFiles(files).get("finance")?.assistants.get("chaser")?.hours;
      assert.equal(effect, "allow");
      assert.ok(
        text && isOpenAt(text, sendAt === undefined ? now : Date.parse(sendAt)),
        `It leaves at ${sendAt}`,
      );
    }),
    { seed: SEED, numRuns: 2500 },
  );
});

function question(now: number): [Action, Context] {
  const live = { oversight: "autonomous", allowlist: [], active: true, seenAt: now };
  return [
    {
      name: "send",
      recipients: [{ field: "to", text: "ana@client.example", parsed: ana }],
      draft: { subject: "Hello", markdown: "Hello", attachments: [] },
    },
    { now, team: "finance", assistant: "chaser", live },
  ];
}

function filesOf({ holidays, ...hours }: Hours, midnight: number): readonly PolicyFile[] {
  const days = holidays.map((day) => new Date(midnight + day * 1440 * MINUTE_MS).toISOString().slice(0, 10));
  const team = {
    ...{ team: "finance", mailbox: { id: "m1", address: "finance@acme.example" }, oversight: "autonomous" },
    ...{ assistants: [{ id: "chaser" }], recipients: { external: "allow" } },
    hours: { ...hours, outside: "schedule", ...(days.length > 0 && { holidays: ["off"] }) },
  };
  return [
    jsonFile("finance", team),
    ...(days.length > 0 ? [jsonFile("_organisation", { holidays: { off: days } })] : []),
  ];
}

function jsonFile(name: string, content: object): PolicyFile {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  return { name: `${name}.yaml`, file: `teams/${name}.yaml`, bytes };
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
