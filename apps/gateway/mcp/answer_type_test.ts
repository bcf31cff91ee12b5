import assert from "node:assert/strict";
import { test } from "node:test";
import { answerLater, answerWith } from "./answer_type.ts";

test("answerLater() shows that it is alive, then gives the same as answerWith()", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const message = { result: {}, jsonrpc: "2.0", id: 1 };
  let give = (_: unknown) => {};
  const response = answerLater(
    new Promise((resolve) => {
      give = resolve;
    }),
  );
  const soon = answerWith("any", message);
  assert.deepEqual([...response.headers], [...soon.headers]);
  t.mock.timers.tick(30_000);
  give(message);
  assert.equal(await response.text(), `${": keepalive\n\n".repeat(2)}${await soon.text()}`);
});

test("answerLater() ends its timer when nobody listens any more", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let give = (_: unknown) => {};
  const message = new Promise((resolve) => {
    give = resolve;
  });
  const response = answerLater(message);
  await response.body?.cancel();
  t.mock.timers.tick(30_000);
  give({});
  await message;
});
