import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, loadPolicies } from "../policy/mod.ts";
import { warnComposed } from "./warn_composed.ts";

const HEAD = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
approvers: [lead@acme.example]
assistants: [{ id: writer }]
`;
const CODENAME = '{ name: codename, pattern: "(?i)project\\\\s+falcon" }';

function warnings(team: string, organisation = "", other?: string): readonly string[] {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const files = [file("ops.yaml", HEAD + team)];
  if (organisation !== "") files.push(file("_organisation.yaml", organisation));
  if (other !== undefined) files.push(file("hr.yaml", HEAD.replaceAll("ops", "hr") + other));
  const result = loadPolicies(files, { sha256: () => "" });
  assert.ok(result.ok, result.ok ? "" : result.problems.map(formatProblem).join("\n"));
  return warnComposed(result.policies).map(formatProblem);
}

test("warnComposed() finds a footer and a prefix that every email is refused for", () => {
  const text = `compose: { subject_prefix: "[Project Falcon] ", footer: "Pay to 4111 1111 1111 1111 (card)" }
content: { block: [credit_card, ${CODENAME}] }
`;
  assert.deepEqual(warnings(text), [
    'teams/ops.yaml:5:28: Every email but a reply is refused: content.block (teams/ops.yaml:6:33) finds "codename" in this (compose.subject_prefix)',
    'teams/ops.yaml:5:57: Every email is refused: content.block (teams/ops.yaml:6:20) finds "credit_card" in this (compose.footer)',
  ]);
  assert.deepEqual(warnings(`${text}rules: { content.block: warn }\n`), []);
  assert.deepEqual(warnings(text.replace("4111", "1111").replace("Falcon", "Heron")), []);
  assert.deepEqual(warnings("content: { block: [credit_card] }\n"), []);
});

test("warnComposed() tells what becomes of a footer that needs a person", () => {
  const text = `compose: { footer: "IBAN GB82 WEST 1234 5698 7654 32" }\ncontent: { flag: [iban] }\n`;
  assert.match(
    warnings(text).join(),
    /5:20: Every email needs a person, and is refused where none is asked: content\.flag \(teams\/ops\.yaml:6:19\) finds "iban"/,
  );
  assert.match(
    warnings(`${text}oversight: monitored\n`).join(),
    /Every email is refused, for want of a person who looks at it: content\.flag/,
  );
});

test("warnComposed() says once of the organisation's footer what each of its rules finds there", () => {
  const organisation = `compose: { footer: "Project Falcon" }\ncontent: { block: [${CODENAME}] }\n`;
  const own = "compose: { footer: Operations }\n";
  const [warning, ...others] = warnings(own, organisation, own);
  assert.match(
    warning ?? "",
    /^teams\/_organisation\.yaml:1:20: Every email is refused: content\.block \(teams\/_organisation\.yaml:2:20\)/,
  );
  assert.deepEqual(others, []);
});
