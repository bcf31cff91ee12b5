import { replayTrail } from "@countersign/lifecycle";
import { Command, Option } from "commander";
import { parseLimit } from "../audit/parse_limit.ts";
import { withTrail } from "../audit/with_trail.ts";
import { policiesFrom } from "../policy/policies_from.ts";
import { formatReplay, formatReplayMarkdown } from "../replay/format_replay.ts";
import { ReplayProgress } from "../replay/replay_progress.ts";
import { CHANGES, IS_WIDER, ReplayTally } from "../replay/replay_tally.ts";
import { progressStream } from "../terminal/talk.ts";
import { addTimeOptions, readTimes, type TimeFlags } from "../terminal/time_options.ts";

/** So many of each kind of change are shown unless the command line says otherwise. */
const LIMIT = 20;

interface ReplayFlags extends TimeFlags {
  readonly team?: string;
  readonly limit?: number;
  readonly format: "text" | "markdown" | "json";
}

/** `countersign replay <candidate>`: recorded requests, judged again by other policies. Exits 2 when more is allowed. */
export function replayCommand(): Command {
  const command = new Command("replay")
    .description("Judges the requests on the trail again by a candidate's policies, and shows what changes.")
    .argument("<candidate>", "folder of team files, git reference (main, HEAD~1:teams), or trail:<hash>")
    .option("--team <team>", "of this team only")
    .option("--limit <n>", `how many of each kind of change are shown (default: ${LIMIT})`, parseLimit);
  return addTimeOptions(command)
    .addOption(new Option("--format <format>", "how").choices(["text", "markdown", "json"]).default("text"))
    .addHelpText("after", EXAMPLES)
    .action(
      async (candidate: string, { team, limit = LIMIT, format, ...times }: ReplayFlags, own: Command) => {
        const filter = { ...readTimes(times, own), ...(team !== undefined && { team }) };
        const report = await withTrail(async (trail) => {
          const policies = await policiesFrom(candidate, { trail });
          const total = await trail.count({ ...filter, kind: "intent" });
          const stream = progressStream();
          const progress = stream && new ReplayProgress(stream, total);
          const tally = new ReplayTally(limit);
          for await (const request of replayTrail(trail, policies, filter)) {
            tally.add(request);
            progress?.show(tally.requests);
          }
          progress?.end(tally.requests);
          return tally.report();
        });
        process.exitCode = CHANGES.some((change) => IS_WIDER[change] && report.counts[change] > 0) ? 2 : 0;
        const options = { candidate, zone: times.tz };
        if (format === "json") console.log(JSON.stringify(report));
        else console.log((format === "text" ? formatReplay : formatReplayMarkdown)(report, options));
      },
    );
}

const EXAMPLES = `
Each request is judged by itself, in the world as it was then: the mailbox, limits, known contacts and recent email of that
moment are on record beside it. A setting of the mailbox that was then as its policy declared it counts as the candidate declares
it, since "countersign apply" sets it so. Nothing is sent, and nothing is written.

Exits 0 when nothing more is allowed than was, 2 when something is (newly allowed, or newly without a person), 1 when it cannot
be told.

Examples:
  $ countersign replay ../proposal/teams --since 30d
  $ countersign replay HEAD --team finance
  $ countersign replay origin/main:teams --since 7d --format json | jq .counts
  $ DATA_DIR=data/demo countersign replay teams`;
