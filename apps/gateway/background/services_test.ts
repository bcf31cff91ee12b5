import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { type Service, Services, type Stage } from "./services.ts";

/** Parts that note when they start and stop. */
function startNotes() {
  const notes: string[] = [];
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line).msg) });
  const service = (name: string, ends: Stage, stop: () => unknown = () => undefined): Service => ({
    start: () => void notes.push(`+${name}`),
    stop: () => {
      notes.push(`-${name}`);
      return stop();
    },
    ends,
  });
  return { notes, lines, service, services: new Services(log) };
}

test("Services begin in their order, and end in that of their stages, once", async () => {
  const { notes, lines, service, services } = startNotes();
  await services.start(
    service("lock", "locking"),
    service("trail", "recording"),
    service("clients", "calling"),
    service("policies", "looking"),
    service("alarms", "keeping"),
    service("checkpoints", "signing"),
  );
  await services.start(service("server", "serving"), service("reconciler", "working"));
  await Promise.all([services.stop(), services.stop()]);
  assert.deepEqual(notes, [
    ...["+lock", "+trail", "+clients", "+policies", "+alarms", "+checkpoints", "+server", "+reconciler"],
    ...["-policies", "-server", "-reconciler", "-alarms", "-checkpoints", "-clients", "-trail", "-lock"],
  ]);
  assert.deepEqual(lines, []);
});

test("Services.stop() ends what was started when one part cannot start", async () => {
  const { notes, service, services } = startNotes();
  const broken = { ...service("server", "serving"), start: () => Promise.reject(new Error("Cannot listen")) };
  await assert.rejects(
    services.start(service("trail", "recording"), broken, service("reconciler", "working")),
    /Cannot listen/,
  );
  await services.stop();
  assert.deepEqual(notes, ["+trail", "-trail"]);
});

test("Services.stop() takes no new requests before what looks for news has ended, and works on until it has", async () => {
  const { notes, service, services } = startNotes();
  let end = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    end = resolve;
  });
  await services.start(
    service("policies", "looking", () => slow),
    service("server", "serving", () => end()),
    service("alarms", "keeping", () => notes.push("alarms")),
  );
  await services.stop();
  assert.deepEqual(notes.slice(3), ["-policies", "-server", "-alarms", "alarms"]);
});

test("Services.stop() logs a part that cannot end, and ends the others", async () => {
  const { notes, lines, service, services } = startNotes();
  await services.start(
    service("clients", "calling", () => Promise.reject(new Error("Gone"))),
    service("trail", "recording", () => {
      throw new Error("Closed");
    }),
    service("lock", "locking"),
  );
  await services.stop();
  assert.deepEqual(notes.slice(3), ["-clients", "-trail", "-lock"]);
  assert.deepEqual(lines, Array(2).fill("A part of the gateway cannot end as it should"));
});

test("Services.stop() leaves what is late, and ends what comes after it", async () => {
  const { notes, lines, service, services } = startNotes();
  await services.start(
    service("clients", "calling", () => new Promise(() => undefined)),
    service("lock", "locking"),
  );
  await services.stop();
  assert.deepEqual(notes.slice(2), ["-clients", "-lock"]);
  assert.deepEqual(lines, ["The gateway ends before all of it has"]);
});
