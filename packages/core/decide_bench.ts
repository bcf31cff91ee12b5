/** How long one decision takes: alone, with content, and with 10,000 teams. Compared with SHA-256 of a 2 KB body. */
import { createHash } from "node:crypto";
import { type Action, parseSend } from "./action/mod.ts";
import type { Context } from "./decision/context.ts";
import { decide } from "./decision/decide.ts";
import { loadPolicies, type PolicySet } from "./policy/mod.ts";
import { parseCaller } from "./what_if/mod.ts";
import { scenarioContext } from "./what_if/scenario_context.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const PLAIN =
  "We look forward to the delivery of order 4711 on Tuesday; please call 030 1234567 if anything changes. ";

const RULES = `
  internal: [acme.example]
  external: require_approval
  allow: ["*@client.example", "*@partner.example", "billing@supplier.example"]
  deny: ["*@rival.example"]`;
const CONTENT = `
content:
  block: [private_key, api_key, credit_card, us_ssn]
  flag: [iban, email_list, { name: codename, pattern: "(?i)project\\\\s+falcon" }]`;

function teams(count: number, extra: string): PolicySet {
  const files = Array.from({ length: count }, (_, index) => {
    const text = `team: t${index}
mailbox: { id: m${index}, address: t${index}@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: a${index} }]
recipients:${RULES}${extra}
`;
    return { name: `t${index}.yaml`, file: `teams/t${index}.yaml`, bytes: new TextEncoder().encode(text) };
  });
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const result = loadPolicies(files, { sha256 });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.policies;
}

/** Median and 99th percentile of one run, in microseconds, from batches so short that the clock's step does not show. */
function measure(run: () => unknown, { batches = 2_000, size = 20 } = {}): { median: number; p99: number } {
  for (let warm = 0; warm < 5_000; warm++) run();
  const times = Array.from({ length: batches }, () => {
    const start = performance.now();
    for (let i = 0; i < size; i++) run();
    return ((performance.now() - start) * 1000) / size;
  }).sort((a, b) => a - b);
  return { median: times[batches >> 1] ?? 0, p99: times[Math.floor(batches * 0.99)] ?? 0 };
}

function subject(policies: PolicySet, team: string, body: string): () => unknown {
  const caller = parseCaller(`a${team}`, `t${team}`);
  const policy = policies.teams.get(`t${team}`);
  if (policy === undefined) throw new Error("No such team");
  // A fresh action each time: what a rule found in a draft is not remembered from the run before.
  const parsed = parseSend({
    to: ["jane@client.example", "bob@partner.example"],
    subject: "Order 4711",
    body,
  });
  const context: Context = scenarioContext(policy, caller, parsed, { now: NOW });
  return () => {
    const action: Action = parsed.name === "send" ? { ...parsed, draft: { ...parsed.draft } } : parsed;
    const decision = decide(policies, action, context);
    if (decision.effect !== "allow") throw new Error(JSON.stringify(decision.findings));
  };
}

const body = PLAIN.repeat(20).slice(0, 2048);
const hashed = measure(() => createHash("sha256").update(body).digest());
const rows = {
  "SHA-256 of the 2 KB body": hashed,
  "decide, no content rules, 1 team": measure(subject(teams(1, ""), "0", body)),
  "decide, 7 detectors, 2 KB body, 1 team": measure(subject(teams(1, CONTENT), "0", body)),
};
const many = teams(10_000, CONTENT);
const plain = teams(10_000, "");
Object.assign(rows, {
  "decide, no content rules, 10,000 teams": measure(subject(plain, "7777", body)),
  "decide, 7 detectors, 2 KB body, 10,000 teams": measure(subject(many, "7777", body)),
});
for (const [name, { median, p99 }] of Object.entries(rows)) {
  const ratio = median / hashed.median;
  console.log(
    `${name.padEnd(46)} median ${median.toFixed(2)} µs, p99 ${p99.toFixed(2)} µs, ${ratio.toFixed(2)} × SHA-256`,
  );
  if (name.startsWith("decide"))
    process.send?.({ what: name, value: median, unit: "µs", ratio, to: "SHA-256 of the 2 KB body" });
}
