import {
  askerCommitments,
  askerName,
  askerOf,
  isOf,
  type OutcomeData,
  openAsker,
  type StoredRecord,
  type TrailStore,
} from "@countersign/trail";
import { Command } from "commander";
import { withTrail } from "../audit/with_trail.ts";
import { printable } from "../terminal/printable.ts";

/** An email of which nobody knows yet what became of it. */
interface OpenReceipt {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  /** Who asked for it, signed in; absent: nobody signed in, or was erased. */
  readonly user?: string;
  /** Since when; ISO 8601. */
  readonly since: string;
  readonly why: string;
}

/** `countersign audit open`: what is not settled. */
export function auditOpenCommand(): Command {
  return new Command("open")
    .description("Shows the emails of which it is not known yet whether MultiMail took them, and why.")
    .option(
      "--json",
      "print one array of {receipt, team, assistant, since, why}, with the user who asked, if anybody",
    )
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { json?: boolean }) => {
      const open = await withTrail(async (trail) => {
        const intents = await trail.openIntents();
        return Promise.all(intents.map((intent) => describe(intent, trail)));
      });
      if (json) console.log(JSON.stringify(open));
      else if (open.length === 0)
        console.log("Nothing is open: every email that was let through has an outcome");
      else console.log(open.map(format).join("\n"));
    });
}

const EXAMPLES = `
A running gateway asks MultiMail about them again and again, with the same idempotency key, until it knows.

Examples:
  $ countersign audit open
  $ countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ`;

async function describe({ record }: StoredRecord, trail: TrailStore): Promise<OpenReceipt> {
  const receipt = record.receipt ?? "";
  const records = await trail.recordsOf(receipt);
  const outcome = records.findLast(isOf("outcome"));
  const asked = askerOf(record.data);
  const asker = openAsker(asked, await trail.unseal(askerCommitments(asked)));
  return {
    receipt,
    team: record.team ?? "",
    assistant: record.assistant ?? "",
    ...(asker !== undefined && { user: askerName(asker) }),
    since: record.at,
    why: outcome === undefined ? NO_ANSWER : whyUnknown(outcome.record.data),
  };
}

const NO_ANSWER =
  "No answer of MultiMail is on record: it is under way, or the gateway was stopped meanwhile";

function whyUnknown({ code, message }: OutcomeData): string {
  return `MultiMail's answer is unknown: ${message ?? code ?? "it said nothing"}`;
}

function format({ receipt, team, assistant, user, since, why }: OpenReceipt): string {
  const who = user === undefined ? "" : ` for ${user}`;
  return [`${receipt}  ${team}/${assistant}${who}  since ${since}`, `    ${why}`].map(printable).join("\n");
}
