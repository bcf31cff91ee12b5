import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies, type PolicyLoadResult } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const HEAD = "team: a\nmailbox: { id: mbx-a, address: a@acme.example }\noversight: monitored\n";
const LEAST = `${HEAD}assistants: [{ id: w }]\n`;
const ORGANISATION = `holidays: { fr: [2026-12-25, 2027-01-01], de: [2026-12-25, 2026-12-26] }
hours: { timezone: Europe/Paris, windows: [{ days: mon-fri, from: "07:00", to: "21:00" }, { days: sat, from: "20:00", to: "02:00" }], holidays: [fr] }
`;
const BOUND = "teams/_organisation.yaml:2:8";

/** A team's hours, and what is wrong with them where the organisation bounds hours. */
const BOUNDED: Readonly<Record<string, readonly [hours: string, wanted: readonly string[]]>> = {
  "the same": [
    'timezone: Europe/Paris, windows: [{ days: mon-fri, from: "07:00", to: "21:00" }], holidays: [fr]',
    [],
  ],
  "the short form, and a longer list of holidays": [
    'timezone: Europe/Paris, days: tue, from: "08:00", to: "18:00", holidays: [fr, de]',
    [],
  ],
  "a part of the night shift": [
    'timezone: Europe/Paris, windows: [{ days: sat, from: "23:00", to: "01:30" }], holidays: [fr]',
    [],
  ],
  "an end beyond it": [
    'timezone: Europe/Paris, windows: [{ days: fri, from: "20:00", to: "21:01" }], holidays: [fr]',
    [
      `teams/a.yaml:5:44: Looser than the organisation (${BOUND}): these hours reach beyond its own, on Friday at 21:00 (hours.windows[0])`,
    ],
  ],
  "a night that it has not": [
    'timezone: Europe/Paris, windows: [{ days: sun, from: "23:00", to: "01:30" }], holidays: [fr]',
    [
      `teams/a.yaml:5:44: Looser than the organisation (${BOUND}): these hours reach beyond its own, on Monday at 00:00 (hours.windows[0])`,
    ],
  ],
  "another zone, in which they lie within the bound all year": [
    'timezone: America/New_York, windows: [{ days: mon-fri, from: "02:00", to: "14:00" }], holidays: [fr]',
    [],
  ],
  "another zone, in which they do not for the weeks when clocks differ": [
    'timezone: America/New_York, windows: [{ days: mon-fri, from: "01:30", to: "14:00" }], holidays: [fr]',
    [
      `teams/a.yaml:5:48: Looser than the organisation (${BOUND}): these hours reach beyond its own, on Monday at 01:30 (hours.windows[0])`,
    ],
  ],
  "no holidays": [
    'timezone: Europe/Paris, days: tue, from: "08:00", to: "18:00"',
    [
      `teams/a.yaml:5:8: Looser than the organisation (${BOUND}): it has the holidays "fr", and these hours have not (hours)`,
    ],
  ],
  "others' holidays": [
    'timezone: Europe/Paris, days: tue, from: "08:00", to: "18:00", holidays: [de]',
    [
      `teams/a.yaml:5:83: Looser than the organisation (${BOUND}): it has the holidays "fr", and these hours have not (hours.holidays)`,
    ],
  ],
};

for (const [what, [hours, wanted]] of Object.entries(BOUNDED)) {
  test(`checkHoursBound() judges ${what}`, () => {
    assert.deepEqual(problems(load(`${LEAST}hours: { ${hours} }\n`, ORGANISATION)), wanted);
  });
}

test("checkHoursBound() bounds an assistant's own hours, and what would lift the rule", () => {
  const team = `${HEAD}assistants: [{ id: w, hours: { timezone: Europe/Paris, days: sun, from: "08:00", to: "09:00", holidays: [fr] } }]
rules: { hours: warn }
`;
  assert.deepEqual(problems(load(team, ORGANISATION)), [
    `teams/a.yaml:4:30: Looser than the organisation (${BOUND}): these hours reach beyond its own, on Sunday at 08:00 (assistants[0].hours)`,
    `teams/a.yaml:5:17: Looser than the organisation (${BOUND}): rule "hours" enforces its bound (rules.hours)`,
  ]);
});

test("checkHours() says what is wrong in windows", () => {
  const team = `${LEAST}hours:
  timezone: Europe/Paris
  windows: [{ days: mon, from: "08:00", to: "08:00" }, { days: mon, from: "24:00", to: "02:00" }, { days: mon }]
  days: mon
  holidays: [fra, uk]
`;
  const lines = problems(load(team, ORGANISATION.split("\n")[0] ?? ""));
  assert.deepEqual(lines, [
    'teams/a.yaml:7:45: Must not be "08:00", as "from" is: a whole day is from "00:00" to "24:00" (hours.windows[0].to)',
    'teams/a.yaml:7:75: Must be before "24:00": a day begins at "00:00" (hours.windows[1].from)',
    'teams/a.yaml:7:99: Missing key "from": When it begins: "08:00" (hours.windows[2].from)',
    'teams/a.yaml:7:99: Missing key "to": When it ends: "18:00"; a time that is not after "from" is on the next day, as in "22:00" to "06:00" (hours.windows[2].to)',
    'teams/a.yaml:8:9: Must not stand beside "windows": write it as one of them (hours.days)',
    'teams/a.yaml:9:14: Unknown holidays "fra": did you mean "fr"? (hours.holidays[0])',
    'teams/a.yaml:9:19: Unknown holidays "uk": no holidays is called that (hours.holidays[1])',
  ]);
  assert.deepEqual(
    problems(
      load(
        `${LEAST}hours: { timezone: UTC, windows: [{ days: mon, from: "08:00", to: "09:00" }], days: mon }\n`,
      ),
    ),
    ['teams/a.yaml:5:85: Must not stand beside "windows": write it as one of them (hours.days)'],
  );
  assert.deepEqual(problems(load(`${LEAST}hours: { timezone: UTC, days: mon }\n`)), [
    'teams/a.yaml:5:8: Missing key "from": When they start: "08:00" (hours.from)',
    'teams/a.yaml:5:8: Missing key "to": When they end: "18:00" (hours.to)',
  ]);
});

test("linkTeam() gives a team without hours the organisation's, and an assistant its own within them", () => {
  const result = load(
    `${HEAD}assistants: [{ id: w }, { id: own, hours: { timezone: Europe/Paris, days: tue, from: "08:00", to: "18:00", holidays: [fr] } }]\n`,
    ORGANISATION,
  );
  assert.ok(result.ok, problems(result).join("\n"));
  const { hours, assistants } = result.policies.teams.get("a") ?? assert.fail();
  assert.equal(hours?.where.file, "teams/_organisation.yaml");
  assert.equal(assistants.get("w")?.hours, undefined);
  assert.deepEqual(assistants.get("own")?.hours?.within, hours);
  assert.deepEqual(
    hours?.windows.map(({ from, to }) => [from, to]),
    [
      [420, 1260],
      [1200, 1560],
    ],
  );
});

test("loadPolicies() warns of replies that an assistant's own hours do not schedule", () => {
  const result = load(
    `${HEAD}assistants: [{ id: w, hours: { timezone: UTC, outside: schedule, days: tue, from: "08:00", to: "18:00" } }]\n`,
  );
  assert.ok(result.ok);
  assert.deepEqual((result.warnings ?? []).map(formatProblem), [
    "teams/a.yaml:4:56: A reply outside the hours is refused, not scheduled: MultiMail schedules no replies; only other email is scheduled (assistants[0].hours.outside)",
  ]);
});

test("linkTeam() lets an assistant's own hours refuse where no team says otherwise, whatever the organisation's do", () => {
  const organisation = ORGANISATION.replace("holidays: [fr] }", "holidays: [fr], outside: schedule }");
  const own = 'timezone: Europe/Paris, days: tue, from: "08:00", to: "18:00", holidays: [fr]';
  const outsideOf = (hours: string) => {
    const result = load(`${HEAD}assistants: [{ id: w, hours: { ${own} } }]\n${hours}`, organisation);
    assert.ok(result.ok, problems(result).join("\n"));
    const { hours: team, assistants } = result.policies.teams.get("a") ?? assert.fail();
    return [team?.outside, assistants.get("w")?.hours?.outside];
  };
  assert.deepEqual(outsideOf(""), ["schedule", "deny"]);
  assert.deepEqual(outsideOf(`hours: { ${own} }\n`), ["deny", "deny"]);
  assert.deepEqual(outsideOf(`hours: { ${own}, outside: schedule }\n`), ["schedule", "schedule"]);
});

/** Hours that schedule, how far ahead email may be, and what is refused. */
const FAR: Readonly<Record<string, readonly [hours: string, atMost: string, wanted: string | undefined]>> = {
  "a weekend": ['days: mon-fri, from: "08:00", to: "18:00"', "1d", "Friday at 18:00 … begin 62 h later"],
  "a weekend that is short enough": ['days: mon-fri, from: "08:00", to: "18:00"', "62h", undefined],
  "one that is not, by an hour": ['days: mon-fri, from: "08:00", to: "18:00"', "61h", "62 h later"],
  "every day": ['days: mon-sun, from: "00:00", to: "24:00"', "1m", undefined],
  "a night shift": [
    'windows: [{ days: fri, from: "22:00", to: "06:00" }, { days: mon, from: "08:00", to: "18:00" }]',
    "4d",
    "Monday at 18:00 … begin 100 h later",
  ],
  "windows that overlap": [
    'windows: [{ days: sat, from: "08:00", to: "09:00" }, { days: mon-sun, from: "00:00", to: "23:30" }]',
    "30m",
    undefined,
  ],
  holidays: [
    'days: mon-fri, from: "08:00", to: "18:00", holidays: [fr]',
    "3d",
    "2026-12-24 at 18:00 … begin 86 h later",
  ],
  "holidays that make no difference": [
    'days: mon, from: "08:00", to: "18:00", holidays: [fr]',
    "6d",
    "Monday at 18:00 … begin 158 h later",
  ],
};

for (const [what, [hours, atMost, wanted]] of Object.entries(FAR))
  test(`loadPolicies() warns of hours that begin later than email may be scheduled: ${what}`, () => {
    const team = `${HEAD}assistants: [{ id: w, actions: [send] }]\nhours: { timezone: Europe/Paris, ${hours}, outside: schedule }\n`;
    const organisation = `holidays: { fr: [2026-12-25, 2027-01-01] }\nsend_at: { at_most: ${atMost} }\n`;
    const result = load(team, organisation);
    assert.ok(result.ok, problems(result).join("\n"));
    const [warning = "", ...others] = (result.warnings ?? []).map(formatProblem);
    assert.deepEqual(others, []);
    if (wanted === undefined) assert.equal(warning, "");
    else {
      const [from, later] = wanted.includes(" … ") ? wanted.split(" … ") : ["", wanted];
      assert.ok(warning.includes(`What is asked for on ${from}`) && warning.includes(later ?? "?"), warning);
      assert.match(warning, /at_most is \d+[mhd] at teams\/_organisation\.yaml:2:21 \(hours\.outside\)$/);
    }
    for (const quiet of [
      team.replace("outside: schedule", "outside: deny"),
      team.replace("[send]", "[read]"),
    ]) {
      const loaded = load(quiet, organisation);
      assert.ok(loaded.ok && loaded.warnings === undefined);
    }
  });

function load(team: string, organisation?: string): PolicyLoadResult {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const files = organisation === undefined ? [] : [file("_organisation.yaml", organisation)];
  return loadPolicies([file("a.yaml", team), ...files], { sha256: () => "" });
}

function problems(result: PolicyLoadResult): readonly string[] {
  return result.ok ? [] : result.problems.map(formatProblem);
}
