import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { differentPeople, type Seat } from "./different_people.ts";
import { StandIns } from "./stand_ins.ts";

const [A, B, C, D] = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"] as const;

function count(
  voices: readonly string[],
  people: readonly string[],
  pairs: readonly (readonly [string, string])[],
) {
  const standIns = new StandIns(pairs.map(([from, to]) => ({ from, to })));
  return differentPeople(voices, people, {
    most: 9,
    placesOf: (voice) => standIns.placesOf(voice),
    areOne: (a: Seat<string>, b: Seat<string>) =>
      [a.voice, a.as].some((one) => [b.voice, b.as].some((other) => standIns.areOne(one, other))),
  });
}

test("differentPeople() counts a delegate and whom they stand in for once, whoever of them came first", () => {
  assert.equal(count([A, B], [A, C], [[A, B]]).length, 1);
  assert.equal(count([B, A], [A, B], [[A, B]]).length, 1);
  assert.deepEqual(count([B], [A, C], [[A, B]]), [{ voice: B, as: A }]);
});

test("differentPeople() counts one deputy of two people once, and both people themselves twice", () => {
  const pairs = [
    [A, B],
    [C, B],
  ] as const;
  assert.equal(count([B], [A, C], pairs).length, 1);
  assert.equal(count([A, C], [A, C], pairs).length, 2);
  assert.equal(count([A, B, C], [A, C], pairs).length, 2);
  assert.equal(count([B, D], [A, D], pairs).length, 2);
});

test("differentPeople() counts two deputies of one person once", () => {
  const pairs = [
    [A, B],
    [A, D],
  ] as const;
  assert.equal(count([B, D], [A, C], pairs).length, 1);
  assert.equal(count([B, D], [A, B], pairs).length, 1);
});

test("differentPeople() counts nobody who was not asked, and no place twice", () => {
  assert.equal(count([D, D, D], [A, B], []).length, 0);
  assert.equal(count([A, A], [A, B], []).length, 1);
});

test("differentPeople() ends however many people stand in for each other, and never counts too many", () => {
  const many = Array.from({ length: 60 }, (_, index) => `p${index}@x.example`);
  // Twelve circles of five, of each of which one counts.
  const pairs = many.map((one, index): [string, string] => [
    one,
    many[index % 5 === 4 ? index - 4 : index + 1] ?? "",
  ]);
  const found = count(many, many, pairs).length;
  assert.ok(found <= 9 && found > 0);
  assert.equal(count(many.slice(0, 40), many.slice(0, 40), pairs).length, 8);
});

test("differentPeople() finds no fewer with one voice more, and no more with one delegation more among the same", () => {
  const person = fc.constantFrom<string>(A, B, C, D);
  const list = fc.uniqueArray(person, { maxLength: 4 });
  fc.assert(
    fc.property(
      list,
      list,
      fc.array(fc.tuple(person, person), { maxLength: 5 }),
      person,
      (voices, people, pairs, more) => {
        const seats = count(voices, people, pairs);
        assert.ok(count([...voices, more], people, pairs).length >= seats.length);
        assert.ok(seats.length <= Math.min(voices.length, people.length));
        const standIns = new StandIns(pairs.map(([from, to]) => ({ from, to })));
        for (const [index, a] of seats.entries())
          for (const b of seats.slice(index + 1))
            assert.ok(!standIns.areOne(a.voice, b.voice) && a.as !== b.as);
      },
    ),
  );
});
