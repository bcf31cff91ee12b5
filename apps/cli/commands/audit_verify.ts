import { verifyTrail } from "@countersign/trail";
import { Command } from "commander";
import { openTrail } from "../open_trail.ts";

/** `countersign audit verify`: recomputes everything. Exits 0 when nothing was tampered with, 1 otherwise. */
export function auditVerifyCommand(): Command {
  return new Command("verify")
    .description("recompute the whole trail and name what was changed, removed, added or reordered")
    .option("--json", "print one JSON value")
    .action(async ({ json }: { json?: boolean }) => {
      const trail = await openTrail();
      const result = await verifyTrail(trail, { ...(process.stderr.isTTY && { onProgress: showProgress }) });
      await trail.close();
      process.exitCode = result.ok ? 0 : 1;
      if (json) {
        console.log(
          JSON.stringify(result.ok ? { ...result, root: Buffer.from(result.root).toString("hex") } : result),
        );
      } else if (result.ok) {
        console.log(
          `The trail is whole: ${result.size} records, root ${Buffer.from(result.root).toString("hex")}`,
        );
      } else {
        for (const { seq, what, message } of result.problems) {
          console.log(`${seq === null ? "trail" : `record ${seq}`}: ${what}: ${message}`);
        }
        console.log("The trail is NOT whole");
      }
    });
}

function showProgress(done: number, total: number): void {
  process.stderr.write(done === total ? "\r\x1b[K" : `\rVerified ${done} of ${total} records`);
}
