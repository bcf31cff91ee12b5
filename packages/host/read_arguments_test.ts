import assert from "node:assert/strict";
import { test } from "node:test";
import { countOf, readArguments } from "./read_arguments.ts";

const USAGE = "Usage: npm run dig -- [--holes N] [--wet]\n\nDigs holes.";
const dig = (...args: readonly string[]) =>
  readArguments(args, {
    usage: USAGE,
    options: { holes: { type: "string", default: "3" }, wet: { type: "boolean", default: false } },
    read: ({ values }) => ({ holes: countOf("--holes", values.holes), wet: values.wet }),
  });

test("readArguments() reads options, and fills in what is not given", () => {
  assert.deepEqual(dig(), { kind: "asked", asked: { holes: 3, wet: false } });
  assert.deepEqual(dig("--wet", "--holes", "12"), { kind: "asked", asked: { holes: 12, wet: true } });
  assert.deepEqual(dig("--holes=12"), { kind: "asked", asked: { holes: 12, wet: false } });
});

test("readArguments() shows the usage whatever else is asked", () => {
  for (const args of [["--help"], ["-h"], ["--hole", "x", "--help"]])
    assert.deepEqual(dig(...args), { kind: "help", text: USAGE });
});

test("readArguments() says in one line what it cannot understand, and what to write", () => {
  const write = 'write "npm run dig -- [--holes N] [--wet]"';
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["--hole", "2"], 'Unknown option "--hole": did you mean "--holes"?'],
    [["--hlep"], 'Unknown option "--hlep": did you mean "--help"?'],
    [["--colour"], `Unknown option "--colour": ${write}`],
    [["deep"], `Unexpected argument "deep": ${write}`],
    [["--holes"], `Option "--holes <value>" argument missing: ${write}`],
    [["--wet=yes"], `Option "--wet" does not take an argument: ${write}`],
    [["--holes", "2", "--holes=3"], `--holes is given twice: ${write}`],
    ...["0", "-1", "x", "1.5", "", "1e3"].map(
      (text) =>
        [[`--holes=${text}`], `--holes must be a whole number above 0, got "${text}": ${write}`] as const,
    ),
  ];
  for (const [args, text] of cases) assert.deepEqual(dig(...args), { kind: "wrong", text }, args.join(" "));
});

test("readArguments() takes words only where there can be any", () => {
  const read = (words?: "any") =>
    readArguments(["a", "b"], {
      usage: USAGE,
      options: {},
      ...(words && { words }),
      read: ({ positionals }) => positionals,
    });
  assert.deepEqual(read("any"), { kind: "asked", asked: ["a", "b"] });
  assert.equal(read().kind, "wrong");
});

test("readArguments() lets errors through that are no mistakes of whoever asks", () => {
  const read = () => {
    throw new TypeError("broken");
  };
  assert.throws(() => readArguments([], { usage: USAGE, options: {}, read }), TypeError);
});
