import { diffPolicies } from "@countersign/core/diff";
import type { PolicySet } from "@countersign/core/policy";
import { parseEnv } from "@countersign/host/env";
import { Command, Option } from "commander";
import { withTrail } from "../audit/with_trail.ts";
import { DIFF_FORMATS, type DiffFormat, verdictOf } from "../policy/format_diff.ts";
import { policiesFrom } from "../policy/policies_from.ts";
import { progressStream } from "../terminal/talk.ts";

/** The policies let more through: no failure of the command. */
const WIDER = 2;

/** Below this, nobody waits long enough to be told. */
const MANY_TEAMS = 50;

interface DiffFlags {
  readonly format: DiffFormat;
  readonly failOn: "wider" | "never";
}

/** `countersign diff <before> [after]`: what the policies afterwards let through that those before did not, and the other way round. */
export function diffCommand(): Command {
  return new Command("diff")
    .description(
      "Says what a change of policies lets through that was not let through before, and the other way round.",
    )
    .argument("<before>", "folder of team files, git reference (main, HEAD~1:teams), or trail:<hash>")
    .argument("[after]", "the same (default: TEAMS_DIR as it is)")
    .addOption(
      new Option("--format <format>", "how it is printed").choices(Object.keys(DIFF_FORMATS)).default("text"),
    )
    .addOption(new Option("--fail-on <what>", "when to exit 2").choices(["wider", "never"]).default("wider"))
    .addHelpText("after", EXAMPLES)
    .action(async (before: string, after: string | undefined, { format, failOn }: DiffFlags) => {
      const folder = after ?? parseEnv(process.env, ["teamsDir"]).teamsDir;
      const diff = await diffPolicies(await policiesOf(before), await policiesOf(folder), {
        now: Date.now(),
        onTeam: (done, of) => {
          if (of > MANY_TEAMS) progressStream()?.write(`\r${done} of ${of} teams${done === of ? "\n" : ""}`);
        },
      });
      process.exitCode = failOn === "wider" && verdictOf(diff) === "wider" ? WIDER : 0;
      console.log(DIFF_FORMATS[format](diff));
    });
}

function policiesOf(source: string): Promise<PolicySet> {
  if (!source.startsWith("trail:")) return policiesFrom(source);
  return withTrail((trail) => policiesFrom(source, { trail }));
}

const EXAMPLES = `
Both policies decide about every kind of request that the two can tell apart; nothing is sent. An example is given only
after both have decided about it, and can be pasted into "countersign decide". Exits 0 when nothing more is let through,
2 when something is, or may be, 1 when the policies cannot be read.

Examples:
  $ countersign diff main
  $ countersign diff main --format markdown
  $ countersign diff HEAD~1:teams path/to/teams --format json
  $ countersign diff trail:9f86d081`;
