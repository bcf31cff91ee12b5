import assert from "node:assert/strict";
import { test } from "node:test";
import { type CallResult, CircuitBreaker } from "./circuit_breaker.ts";

/** Ends one call that was let through at `now`. */
function call(circuit: CircuitBreaker, now: number, result: CallResult): void {
  assert.equal(circuit.waitMs(now), 0);
  circuit.end(result, { now, isProbe: circuit.begin() });
}

/** A circuit that three failures have opened at 0. */
function openCircuit(): CircuitBreaker {
  const circuit = new CircuitBreaker({ failures: 3, openMs: 100, maxOpenMs: 300 });
  for (let i = 0; i < 3; i++) call(circuit, 0, "failed");
  return circuit;
}

test("CircuitBreaker opens after failures in a row, and only in a row", () => {
  const circuit = new CircuitBreaker({ failures: 3, openMs: 100, maxOpenMs: 300 });
  const results: CallResult[] = ["failed", "failed", "answered", "failed", "not_asked", "failed"];
  for (const result of results) call(circuit, 0, result);
  assert.equal(circuit.isClosed, true);
  call(circuit, 0, "failed");
  assert.equal(circuit.isClosed, false);
  assert.equal(circuit.waitMs(40), 60);
});

test("CircuitBreaker lets one probe through when its time is over, and closes when that is answered", () => {
  const circuit = openCircuit();
  const isProbe = circuit.begin();
  assert.equal(isProbe, true);
  assert.ok(circuit.waitMs(100) > 0, "a second one waits");
  circuit.end("answered", { now: 100, isProbe });
  assert.equal(circuit.waitMs(100), 0);
  call(circuit, 100, "failed");
  assert.equal(circuit.isClosed, true, "it counts from zero again");
});

test("CircuitBreaker stays open for twice as long after each failed probe, up to a bound", () => {
  const circuit = openCircuit();
  const waits: number[] = [];
  for (let now = 100, i = 0; i < 4; i++) {
    call(circuit, now, "failed");
    waits.push(circuit.waitMs(now));
    now += circuit.waitMs(now);
  }
  assert.deepEqual(waits, [200, 300, 300, 300]);
});

test("CircuitBreaker lets another probe through after one that never asked", () => {
  const circuit = openCircuit();
  call(circuit, 100, "not_asked");
  assert.equal(circuit.waitMs(100), 0);
});

test("CircuitBreaker does not open for longer because of calls that were under way", () => {
  const circuit = openCircuit();
  for (let i = 0; i < 50; i++) circuit.end("failed", { now: 90, isProbe: false });
  assert.equal(circuit.waitMs(90), 10);
});
