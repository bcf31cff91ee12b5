import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeNode } from "./check_node.ts";

test("judgeNode() takes 20.19 and later, and warns of odd versions", () => {
  const levels = ["18.20.8", "20.18.3", "20.19.0", "22.1.0", "23.11.0", "24.0.0"].map(
    (version) => judgeNode(version).level,
  );
  assert.deepEqual(levels, ["problem", "problem", "ok", "ok", "warning", "ok"]);
});
