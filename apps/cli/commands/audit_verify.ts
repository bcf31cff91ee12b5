import { verifyTrail } from "@countersign/trail";
import { Command } from "commander";
import { withTrail } from "../with_trail.ts";

/** `countersign audit verify`: recomputes everything. Exits 0 when nothing was tampered with, 1 otherwise. */
export function auditVerifyCommand(): Command {
  return new Command("verify")
    .description("Recomputes the whole trail, and names what was changed, removed, added or reordered.")
    .option("--json", 'print {"ok": …, "size": …, "root": …} or {"ok": false, "problems": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { json?: boolean }) => {
      const result = await withTrail((trail) =>
        verifyTrail(trail, { ...(process.stderr.isTTY && { onProgress: showProgress }) }),
      );
      process.exitCode = result.ok ? 0 : 1;
      const shown = result.ok ? { ...result, root: Buffer.from(result.root).toString("hex") } : result;
      if (json) console.log(JSON.stringify(shown));
      else if (shown.ok) console.log(`The trail is whole: ${shown.size} records, root ${shown.root}`);
      else {
        for (const { seq, what, message } of shown.problems)
          console.log(`${seq === null ? "trail" : `record ${seq}`}: ${what}: ${message}`);
        console.log("The trail is NOT whole");
      }
    });
}

const EXAMPLES = `
Exits 0 when the trail is whole, 1 otherwise.

Examples:
  $ countersign audit verify
  $ DATA_DIR=data/demo countersign audit verify --json`;

function showProgress(done: number, total: number): void {
  process.stderr.write(done === total ? "\r\x1b[K" : `\rVerified ${done} of ${total} records`);
}
