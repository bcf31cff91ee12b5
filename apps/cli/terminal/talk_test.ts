import assert from "node:assert/strict";
import { test } from "node:test";
import { paint, progressStream, setTalk } from "./talk.ts";

/** A terminal that shows colours, or a file. */
const stream = (isTTY: boolean) => ({ isTTY, hasColors: () => true }) as unknown as NodeJS.WriteStream;

test("paint() colours on terminals only, never with NO_COLOR, anywhere with FORCE_COLOR", (t) => {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  t.after(() => Object.assign(process.env, withDefined({ NO_COLOR, FORCE_COLOR })));
  const isPainted = (isTTY: boolean, env: Readonly<Record<string, string>>) => {
    delete process.env.NO_COLOR;
    delete process.env.FORCE_COLOR;
    Object.assign(process.env, env);
    return paint("bad", "x", stream(isTTY)) !== "x";
  };
  assert.equal(isPainted(true, {}), true);
  assert.equal(isPainted(false, {}), false);
  assert.equal(isPainted(true, { NO_COLOR: "1" }), false);
  assert.equal(isPainted(true, { NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(isPainted(true, { NO_COLOR: "" }), true);
  assert.equal(isPainted(false, { FORCE_COLOR: "1" }), true);
  assert.equal(isPainted(true, { FORCE_COLOR: "0" }), false);
  delete process.env.FORCE_COLOR;
});

test("progressStream() is stderr where it is a terminal, unless somebody does not want it", (t) => {
  const { isTTY } = process.stderr;
  Object.assign(process.stderr, { isTTY: true });
  t.after(() => {
    Object.assign(process.stderr, { isTTY });
    setTalk({ quiet: false, progress: true });
  });
  for (const [quiet, progress, wanted] of [
    [false, true, true],
    [false, false, false],
    [true, true, false],
  ] as const) {
    setTalk({ quiet, progress });
    assert.equal(progressStream() !== undefined, wanted);
  }
});

function withDefined(values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
