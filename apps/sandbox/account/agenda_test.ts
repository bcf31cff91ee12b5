import assert from "node:assert/strict";
import { test } from "node:test";
import { Agenda } from "./agenda.ts";

test("Agenda runs what is due in the order of time, and equal times in the order of arrival", () => {
  let now = 0;
  const agenda = new Agenda(() => now);
  const done: string[] = [];
  for (const [due, name] of [
    [20, "d"],
    [10, "a"],
    [10, "b"],
    [15, "c"],
    [30, "e"],
  ] as const) {
    agenda.at(due, () => done.push(name));
  }
  now = 20;
  agenda.run();
  assert.deepEqual(done, ["a", "b", "c", "d"]);
  agenda.close();
});

test("Agenda wakes by itself when nobody asks", async () => {
  const agenda = new Agenda(Date.now);
  const keepAlive = setTimeout(() => {}, 2000);
  await new Promise<void>((resolve) => agenda.at(Date.now() + 20, resolve));
  clearTimeout(keepAlive);
  agenda.close();
});

test("Agenda survives a date further away than a timer can wait", () => {
  let now = 0;
  const agenda = new Agenda(() => now);
  let done = false;
  agenda.at(2 ** 40, () => {
    done = true;
  });
  now = 2 ** 40;
  agenda.run();
  assert.equal(done, true);
  agenda.close();
});
