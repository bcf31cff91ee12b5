import assert from "node:assert/strict";
import { test } from "node:test";
import { approvalWords } from "./approval_words.ts";

const where = { file: "teams/a.yaml", line: 1, column: 1 };
const required = (needed: number, ...by: readonly string[]) => ({
  ...{ needed, where },
  by: by.map((address) => ({ address, where })),
});

test("approvalWords() says who, how many of whom, and what classes want besides, each once", () => {
  assert.equal(approvalWords([required(1, "a@x.example", "b@x.example")]), "a@x.example or b@x.example");
  assert.equal(
    approvalWords([
      required(1, "a@x.example"),
      required(2, "b@x.example", "c@x.example"),
      required(1, "a@x.example"),
    ]),
    "a@x.example, and by 2 of b@x.example, c@x.example",
  );
  assert.equal(approvalWords([required(1)]), undefined);
});
