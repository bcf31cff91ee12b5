import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { parse } from "yaml";
import { startStack } from "../../testing/start_stack.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly description: string };
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const rules: readonly Rule[] = parse(read("alerts.yml")).groups.flatMap(
  ({ rules }: { readonly rules: readonly Rule[] }) => rules,
);
const { panels }: { readonly panels: readonly Panel[] } = JSON.parse(read("dashboard.json"));

test("alerts and dashboard ask for metrics and labels that a gateway which has served has", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.call("POST", "/v1/send", {
    as: "marketing/writer",
    body: { to: "jane@acme.example", subject: "Hello", body: "There" },
  });
  await fetch(`${stack.gateway.url}/v1/mailboxes`, { headers: { Authorization: "Bearer csk_none" } });
  const metrics = await (await fetch(`${stack.gateway.url}/metrics`)).text();
  const types = new Map(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
  );
  const labels = new Map<string, Set<string>>();
  for (const [, name = "", pairs = ""] of metrics.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    const known = labels.get(name) ?? new Set();
    labels.set(name, known);
    for (const [, label = ""] of pairs.matchAll(/(\w+)="/g)) known.add(label);
  }
  const questions = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ];
  assert.ok(questions.length > 25);
  for (const [name, expr] of questions) {
    const asked = [...expr.matchAll(/\b(?:countersign|process|nodejs)_\w+/g)].map(([metric]) => metric);
    assert.ok(asked.length > 0, name);
    const wanted = new Set([
      ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/)),
      ...[...expr.matchAll(/(\w+)!?="/g)].map(([, label = ""]) => label),
    ]);
    for (const metric of asked) {
      const [, base = metric, part] = /^(.*)_(bucket|count|sum)$/.exec(metric) ?? [];
      assert.ok(
        types.has(metric) || (part !== undefined && types.get(base) === "histogram"),
        `${name}: ${metric}`,
      );
      // Of what nothing has happened yet to, there is no label to look at.
      const known = labels.get(metric);
      if (known !== undefined)
        for (const label of wanted) assert.ok(known.has(label), `${name}: ${metric}{${label}}`);
    }
  }
});

test("every alert says what is wrong and what to do, and stands in the guide", () => {
  const guide = readFileSync(join(import.meta.dirname, "../../docs/operations.md"), "utf8");
  for (const { alert, annotations } of rules) {
    assert.ok(annotations.summary.length > 20 && annotations.description.length > 30, alert);
    assert.ok(guide.includes(alert), `operations.md lacks ${alert}`);
  }
});
