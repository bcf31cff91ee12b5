import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { TerminalOperator } from "./terminal_operator.ts";

function operatorWith(input: string, options: { yes?: boolean; isTTY?: boolean; codes?: string[] } = {}) {
  const output = new PassThrough();
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY ?? false });
  stream.end(input);
  const { yes = false, codes = [] } = options;
  return { output, operator: new TerminalOperator({ input: stream, output, yes, codes }) };
}

test("TerminalOperator takes only a yes for a yes", async (t) => {
  const answers = ["y", "YES", " y ", "", "n", "yeah", "no y"];
  const { operator } = operatorWith(`${answers.join("\n")}\n`);
  t.after(() => operator.close());
  const given: boolean[] = [];
  for (const _ of answers) given.push(await operator.confirm("Go?"));
  assert.deepEqual(given, [true, true, true, false, false, false, false]);
});

test("TerminalOperator takes the end of input for no, and for later", async () => {
  const { operator } = operatorWith("");
  assert.equal(await operator.confirm("Go?"), false);
  assert.equal(operator.canAnswer, false);
  assert.equal(await operator.askCode("Code"), undefined);
});

test("TerminalOperator with --yes reads a terminal alone: what else is piped in does not answer", async (t) => {
  const piped = operatorWith("A7X-29K\n", { yes: true });
  assert.equal(await piped.operator.confirm("Go?"), true);
  assert.equal(piped.operator.canAnswer, false);
  assert.equal(await piped.operator.askCode("Code"), undefined);
  assert.equal(piped.output.read(), null);
  const typed = operatorWith(" A7X-29K \n\n", { yes: true, isTTY: true });
  t.after(() => typed.operator.close());
  assert.equal(await typed.operator.askCode("Code"), "A7X-29K");
  assert.equal(await typed.operator.askCode("Code"), undefined, "an empty line is later");
  assert.equal(typed.operator.canAnswer, true);
});

test("TerminalOperator takes each code that was given beforehand once, in order", () => {
  const { operator } = operatorWith("", { codes: ["A", "B"] });
  assert.deepEqual([operator.takeCode(), operator.takeCode(), operator.takeCode()], ["A", "B", undefined]);
});
