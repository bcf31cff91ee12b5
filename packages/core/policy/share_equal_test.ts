import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPolicies } from "./load_policies.ts";
import { shareEqual } from "./share_equal.ts";
import type { TeamPolicy } from "./team_policy.ts";

const ORGANISATION = `internal: [acme.example]
recipients: { deny: ["*@rival.example"] }
holidays: { fr: [2026-12-25] }
`;
const team = (name: string) => `team: ${name}
mailbox: { id: m-${name}, address: ${name}@acme.example }
approvers: [lead@acme.example]
assistants:
  - { id: bot, keys: ["sha256:${createHash("sha256").update(name).digest("hex")}"], limits: { per_assistant: 20/day } }
recipients: { allow: ["*@suppliers.example"] }
content: { block: [iban], flag: [{ name: word, pattern: falcon }] }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris, holidays: [fr] }
`;

function load(): readonly [TeamPolicy, TeamPolicy] {
  const files = { "_organisation.yaml": ORGANISATION, "a.yaml": team("a"), "b.yaml": team("b") };
  const loaded = loadPolicies(
    Object.entries(files).map(([name, text]) => ({
      name,
      file: `teams/${name}`,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") },
  );
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const [a, b] = [...loaded.policies.teams.values()];
  assert.ok(a && b);
  return [a, b];
}

/** What two policies may share, and what is each one's own. */
const SHARED: Readonly<Record<string, (policy: TeamPolicy) => unknown>> = {
  actions: ({ assistants }) => assistants.get("bot")?.actions,
  "a pattern": ({ recipients }) => recipients.allow?.[0]?.value,
  "the organisation's list": ({ recipients }) => recipients.internal,
  "an entry of the organisation's": ({ recipients }) => recipients.deny[0],
  detectors: ({ content }) => content.flag[0]?.value,
  windows: ({ hours }) => hours?.windows,
  holidays: ({ hours }) => hours?.holidays[0],
  rules: ({ rules }) => rules,
  "no limits": ({ limits }) => limits,
};
const OWN: Readonly<Record<string, (policy: TeamPolicy) => unknown>> = {
  "an entry of its own": ({ recipients }) => recipients.allow?.[0],
  "a limit": ({ assistants }) => assistants.get("bot")?.limits.perAssistant[0],
  assistants: ({ assistants }) => assistants,
};

test("loadPolicies() shares what is equal in two policies, and nothing that names a place of their own", () => {
  const [a, b] = load();
  for (const [what, of] of Object.entries(SHARED)) {
    assert.notEqual(of(a), undefined, what);
    assert.equal(of(a), of(b), what);
  }
  for (const [what, of] of Object.entries(OWN)) assert.notEqual(of(a), of(b), what);
  assert.equal(a.recipients.allow?.[0]?.where.file, "teams/a.yaml");
  assert.equal(b.recipients.allow?.[0]?.where.file, "teams/b.yaml");
});

test("shareEqual() changes nothing that can be told, and shares again what crossed a thread", () => {
  const [a, b] = load();
  const before = structuredClone(a);
  const crossed = structuredClone(a);
  assert.equal(shareEqual(crossed), crossed);
  assert.deepEqual(crossed, before);
  assert.deepEqual(Object.keys(crossed), Object.keys(before));
  for (const [what, of] of Object.entries(SHARED)) assert.equal(of(crossed), of(b), what);
});

test("shareEqual() tells apart what only looks alike", () => {
  const policy = (parts: object) => ({ source: { file: "teams/x.yaml" }, own: "teams/x.yaml", parts });
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [["1"], [1]],
    [[true], ["true"]],
    [["a", "b"], ["a,b"]],
    [{ a: undefined }, {}],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [new Set(["a", "b"]), ["a", "b"]],
    [new Map([["a", "b"]]), { a: "b" }],
    [[[], []], [[[]]]],
    [{ a: ['"1 x'] }, { a: ["x"] }],
  ];
  for (const [one, other] of pairs) {
    const [first, second] = [policy({ one }), policy({ one: other })].map(
      (made) => shareEqual(made as unknown as TeamPolicy) as unknown as { readonly parts: unknown },
    );
    assert.notEqual(first?.parts, second?.parts);
    assert.deepEqual(first?.parts, { one });
    assert.deepEqual(second?.parts, { one: other });
  }
});
