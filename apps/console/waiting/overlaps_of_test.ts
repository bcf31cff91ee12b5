import assert from "node:assert/strict";
import { test } from "node:test";
import { overlapsOf } from "./overlaps_of.ts";

test("overlapsOf() reads the receipts that the rule names, of the same team and of another", () => {
  const details = ["Receipt rcp_1, similarity 0.91 of 0.8", "Receipt rcp_2 of team sales", "none"];
  const findings = details.map((detail) => ({
    ...{ rule: "overlap", effect: "flag", message: "", detail, where: null, about: [] },
  }));
  assert.deepEqual(overlapsOf({ findings }), ["rcp_1", "rcp_2"]);
});
