import type { Commitment, IntentData, LifecycleData, StoredRecord } from "@countersign/trail";
import { Command } from "commander";
import { PolicyLines } from "../policy_lines.ts";
import { printable } from "../printable.ts";
import { shownRecord } from "../shown_record.ts";
import { withTrail } from "../with_trail.ts";

/** `countersign audit show <receipt>`: everything on record about one request, but no bodies. */
export function auditShowCommand(): Command {
  return new Command("show")
    .description(
      "Shows every record of a receipt: what was asked, decided by which line, and what became of it.",
    )
    .argument("<receipt>", "as an answer or `audit list` names it")
    .option("--json", 'print {"receipt": …, "records": […], "values": {…}, "lines": {…}}')
    .addHelpText("after", EXAMPLES)
    .action(async (receipt: string, { json }: { json?: boolean }) => {
      const { records, values, lines } = await withTrail(async (trail) => {
        const stored = await trail.recordsOf(receipt);
        const source = new PolicyLines(trail);
        const lines = new Map<string, string>();
        for (const { record } of stored) {
          for (const where of placesOf(record)) {
            const line = await source.lineAt(record.policy, where);
            if (line !== undefined) lines.set(where, line);
          }
        }
        return {
          records: stored.map(({ record }) => record),
          values: await trail.unseal(stored.flatMap(({ record }) => commitmentsOf(record))),
          lines,
        };
      });
      const [first] = records;
      if (first === undefined)
        throw new Error(
          printable(`Cannot find receipt "${receipt}": the trail in DATA_DIR has no record of it`),
        );
      if (json) {
        const found = {
          receipt,
          records,
          values: Object.fromEntries(values),
          lines: Object.fromEntries(lines),
        };
        console.log(JSON.stringify(found));
        return;
      }
      const shown = records.map((record) =>
        shownRecord(record, { values, lineAt: (where) => lines.get(where) }),
      );
      const title = printable(`${receipt}  ${first.team}/${first.assistant}`);
      console.log([[title], ...shown].map((block) => block.join("\n")).join("\n\n"));
    });
}

const EXAMPLES = `
Addresses and subjects are shown, unless they were erased. Bodies and attachments are not.

Examples:
  $ countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ
  $ DATA_DIR=data/demo countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ`;

/** Of addresses, subjects, file names, and of who decided and why; what else is sealed stays so. */
function commitmentsOf({ kind, data }: StoredRecord["record"]): readonly Commitment[] {
  if (kind === "lifecycle") {
    const { by, reason } = data as LifecycleData;
    return [by, reason].filter((one) => one !== null);
  }
  if (kind !== "intent") return [];
  const { recipients, subject, attachments } = data as IntentData;
  return [
    ...recipients.map(({ address }) => address),
    ...attachments.map(({ name }) => name),
    ...(subject === null ? [] : [subject]),
  ];
}

function placesOf({ kind, data }: StoredRecord["record"]): readonly string[] {
  if (kind !== "intent") return [];
  return (data as IntentData).findings.flatMap(({ where }) => where ?? []);
}
