import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddress } from "../address/mod.ts";
import { decide } from "../decision/mod.ts";
import type { HoursPolicy, PolicySet, TeamPolicy } from "../policy/mod.ts";
import { today } from "./testing/arbitrary_world.ts";
import { loadFiles } from "./testing/load_files.ts";
import { localTime } from "./testing/local_clock.ts";
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
  "Asia/Kathmandu",
];

const hours: fc.Arbitrary<HoursPolicy> = fc
  .record({
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }).map((days) => new Set(days)),
    edges: fc.uniqueArray(
      fc.constantFrom(0, 15, 60, 90, 120, 135, 150, 165, 180, 480, 1080, 1380, 1439, 1440),
      {
        minLength: 2,
        maxLength: 2,
      },
    ),
    timezone: fc.constantFrom(...ZONES),
  })
  .map(({ edges, ...rest }) => ({
    ...rest,
    from: Math.min(...edges),
    to: Math.max(...edges),
    outside: "schedule",
  }));

const instant = fc
  .tuple(today, fc.integer({ min: -2 * 1440, max: 2 * 1440 }), fc.constantFrom(-1, 0, 1))
  .map(([midnight, minutes, ms]) => midnight + minutes * MINUTE_MS + ms);

const ana = parseAddress("ana@client.example");
const FILES = [
  {
    name: "finance.yaml",
    file: "teams/finance.yaml",
    bytes: new TextEncoder().encode(
      "{team: finance, mailbox: {id: m1, address: finance@acme.example}, oversight: autonomous, " +
        "assistants: [{id: chaser}], recipients: {external: allow}}",
    ),
  },
];
const policies = loadFiles(FILES);

test("decide() schedules for the first minute in working hours, also where clocks change", () => {
  let compared = 0;
  check(
    fc.property(hours, instant, (hours, now) => {
      const [withHours, action, context] = question(hours, now);
      const { sendAt } = decide(withHours, action, context);
      const want = referenceDecide({ policies: withHours, files: FILES }, action, context).sendAt;
      compared++;
      assert.equal(sendAt, want === undefined ? undefined : new Date(want).toISOString());
    }),
    { seed: SEED, numRuns: 2500 },
  );
  console.log(`compared ${compared} schedules, seed ${SEED}`);
});

test("decide() never lets an email leave outside working hours, also where clocks change", () => {
  check(
    fc.property(hours, instant, (hours, now) => {
      const { effect, sendAt } = decide(...question(hours, now));
      const { weekday, minute } = localTime(hours.timezone, sendAt === undefined ? now : Date.parse(sendAt));
      assert.equal(effect, "allow");
      assert.ok(
        hours.days.has(weekday) && hours.from <= minute && minute < hours.to,
        `It leaves at ${sendAt}`,
      );
    }),
    { seed: SEED, numRuns: 2500 },
  );
});

function question(hours: HoursPolicy, now: number): Parameters<typeof decide> {
  const live = { oversight: "autonomous", allowlist: [], active: true, seenAt: now };
  return [
    withHours(policies, hours),
    {
      name: "send",
      recipients: [{ field: "to", text: "ana@client.example", parsed: ana }],
      draft: { subject: "Hello", markdown: "Hello", attachments: [] },
    },
    { now, team: "finance", assistant: "chaser", live },
  ];
}

function withHours(policies: PolicySet, hours: HoursPolicy): PolicySet {
  const teams = [...policies.teams].map(([name, team]): [string, TeamPolicy] => [name, { ...team, hours }]);
  return { ...policies, teams: new Map(teams) };
}
