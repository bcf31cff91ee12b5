import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPath } from "./own_path.ts";

test("ownPath() keeps the console's own paths", () => {
  for (const path of ["/", "/queue", "/trail/rcp_1?tab=proof", "/policies/sales%20x"])
    assert.equal(ownPath(path), path);
});

test("ownPath() leads to the first page instead of anywhere else", () => {
  const elsewhere = [
    undefined,
    "",
    "queue",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/a\\..\\..\\evil",
    "/.//evil.example",
    "/%2e//evil.example",
    "/a/..//evil.example",
    "javascript:alert(1)",
    "/\nSet-Cookie: a=b",
    "/ünicode",
    "/sign-out",
    "/sign-in/link/x",
    `/${"a".repeat(2_001)}`,
  ];
  for (const path of elsewhere) assert.equal(ownPath(path), "/", JSON.stringify(path));
});
