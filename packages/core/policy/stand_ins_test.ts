import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isOnePerson, type StandIn, StandIns } from "./stand_ins.ts";

const PEOPLE = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];
const person = fc.constantFrom(...PEOPLE);
const pairs: fc.Arbitrary<readonly StandIn[]> = fc.array(fc.record({ from: person, to: person }), {
  maxLength: 8,
});

test("StandIns.placesOf() follows deputies of deputies, in whatever loops they stand", () => {
  const standIns = new StandIns([
    { from: "a@x.example", to: "b@x.example" },
    { from: "b@x.example", to: "c@x.example" },
    { from: "c@x.example", to: "a@x.example" },
  ]);
  assert.deepEqual([...standIns.placesOf("c@x.example")], ["c@x.example", "b@x.example", "a@x.example"]);
  assert.deepEqual([...standIns.placesOf("d@x.example")], ["d@x.example"]);
});

test("StandIns.areOne() knows a plus-tag as the same person, and a deputy's deputy as one", () => {
  const standIns = new StandIns([
    { from: "a+x@x.example", to: "b@x.example" },
    { from: "b@x.example", to: "c@x.example" },
  ]);
  assert.ok(standIns.areOne("a@x.example", "c@x.example") && standIns.areOne("c@x.example", "a@x.example"));
  assert.ok(standIns.areOne("d+1@x.example", "d+2@x.example"));
  assert.ok(!standIns.areOne("d@x.example", "a@x.example"));
  assert.ok(!standIns.mayActFor("a@x.example", "c@x.example"));
});

test("isOnePerson() takes no address at another domain, and no name that begins with a plus, for the same", () => {
  assert.ok(!isOnePerson("a+b@x.example", "a@y.example"));
  assert.ok(!isOnePerson("+a@x.example", "+b@x.example"));
});

test("StandIns.areOne() is the same for both, and never less with one delegation more", () => {
  fc.assert(
    fc.property(pairs, fc.record({ from: person, to: person }), (some, more) => {
      const few = new StandIns(some);
      const many = new StandIns([...some, more]);
      for (const a of PEOPLE)
        for (const b of PEOPLE) {
          assert.equal(few.areOne(a, b), few.areOne(b, a));
          assert.ok(!few.areOne(a, b) || many.areOne(a, b));
        }
    }),
  );
});
