import { formatNote, parseCheckpoint, type StoredCheckpoint } from "@countersign/trail";
import { Command } from "commander";
import { attachCosignatures } from "../audit/checkpoint/attach_cosignatures.ts";
import { rotateKey } from "../audit/checkpoint/rotate_key.ts";
import { showKeys } from "../audit/checkpoint/show_keys.ts";
import { signNow } from "../audit/checkpoint/sign_now.ts";
import { withWritableTrail } from "../audit/with_trail.ts";
import { auditCheckpointListCommand } from "./audit_checkpoint_list.ts";

interface CheckpointFlags {
  readonly showKey?: boolean;
  readonly rotateKey?: boolean;
  readonly previousKey?: string;
  readonly cosign?: string;
  readonly witness?: string;
  readonly json?: boolean;
}

/** `countersign audit checkpoint`: signs the trail, also beside a running gateway. Exits 1 when it may not be signed. */
export function auditCheckpointCommand(): Command {
  const command = new Command("checkpoint");
  return command
    .description(
      "Signs the trail as it is, unless it has not grown, and prints the latest checkpoint: a C2SP signed note.",
    )
    .option("--show-key", "print the verifier key, for an auditor to note down, and sign nothing")
    .option("--rotate-key", "put a new key in the place of the one in DATA_DIR, which vouches for it")
    .option("--previous-key <file:/path>", "let the key that signed before vouch for AUDIT_SIGNING_KEY")
    .option("--cosign <file>", "attach a witness' cosignature that was brought by hand")
    .option("--witness <key>", "the verifier key of that witness, unless it is in AUDIT_WITNESSES")
    .option(
      "--json",
      'print {"result": …, "seq": …, "origin": …, "size": …, "root": …, "note": …, "failures": […]}',
    )
    .addCommand(auditCheckpointListCommand())
    .addHelpText("after", EXAMPLES)
    .action(async (flags: CheckpointFlags) => {
      const modes = [flags.showKey, flags.rotateKey, flags.previousKey, flags.cosign].filter(Boolean);
      if (modes.length > 1)
        command.error("error: --show-key, --rotate-key, --previous-key and --cosign are not given together");
      if (flags.witness !== undefined && flags.cosign === undefined)
        command.error("error: --witness goes with --cosign <file> only");
      if (flags.showKey) await showKeys({ json: flags.json ?? false });
      else if (flags.cosign !== undefined) {
        const stored = await attachCosignatures(flags.cosign, flags.witness);
        print({ result: "cosigned", failures: [] }, stored, flags.json);
      } else {
        const run =
          flags.rotateKey || flags.previousKey !== undefined
            ? await rotateKey(process.env, flags.previousKey)
            : await withWritableTrail((trail) => signNow(trail, process.env));
        for (const { to, message } of run.failures)
          console.error(`Cannot deliver the checkpoint to ${to}: ${message}`);
        if (run.failures.length > 0) process.exitCode = 1;
        print(run, run.latest, flags.json);
      }
    });
}

const EXAMPLES = `
The checkpoint goes into the trail, into DATA_DIR/checkpoints, to AUDIT_CHECKPOINT_TO and to AUDIT_WITNESSES, as at a
gateway's own ones. It is refused when the trail does not extend what was signed before: it was rewritten, or an older copy
was restored. Exits 1 then, and when it could not be put everywhere.

Examples:
  $ countersign audit checkpoint
  $ countersign audit checkpoint --show-key > trail.vkey
  $ countersign audit checkpoint --rotate-key
  $ countersign audit checkpoint --cosign cosigned.txt --witness witness.example/w1+8d66cf3f+BA…
  $ countersign audit checkpoint list`;

function print(
  run: { readonly result: string; readonly failures: readonly unknown[] },
  stored: StoredCheckpoint | undefined,
  json: boolean | undefined,
): void {
  if (stored === undefined) throw new Error("Cannot sign the trail: it is empty");
  const { origin, size, root, note } = parseCheckpoint(stored.note);
  const { result, failures } = run;
  const text = formatNote(note);
  const hex = Buffer.from(root).toString("hex");
  if (json)
    console.log(JSON.stringify({ result, seq: stored.seq, origin, size, root: hex, note: text, failures }));
  else process.stdout.write(text);
}
