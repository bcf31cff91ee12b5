import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Path of a trail's file in a folder that is gone after the test. */
export function testFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "trail-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "trail.sqlite");
}
