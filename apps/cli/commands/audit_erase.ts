import { parseAddress } from "@countersign/core/address";
import {
  eraseValues,
  findPersonValues,
  namesPerson,
  type PersonValues,
  type TrailStore,
} from "@countersign/trail";
import { Command, InvalidArgumentError } from "commander";
import { withWritableTrail } from "../audit/with_trail.ts";
import { parseReason } from "../terminal/parse_reason.ts";
import { personName } from "../terminal/person_name.ts";
import { printable } from "../terminal/printable.ts";
import { TerminalOperator } from "../terminal/terminal_operator.ts";

interface EraseFlags {
  readonly person: string;
  readonly reason: string;
  readonly by: string;
  readonly mentions?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `countersign audit erase`: takes a person out of the trail, which stays whole. */
export function auditEraseCommand(): Command {
  return new Command("erase")
    .description(
      "Erases what the trail keeps of a person: the address in every form of it, and the content of every email to it. The proofs still verify.",
    )
    .requiredOption("--person <address>", "whom; plus-tags and letter case make no difference", parsePerson)
    .requiredOption("--reason <text>", "why, without naming the person", parseReason)
    .option("--by <name>", "who has it erased; without it, who is signed in", parseReason, personName())
    .option("--mentions", "erase the content of emails to others, too, where it names the address")
    .option("--dry-run", "show what would go, and erase nothing")
    .option("--force", "erase although an email is not settled yet")
    .option("-y, --yes", "do not ask")
    .option("--json", 'print {"done": …, "found": {…}, "records": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async (flags: EraseFlags, command: Command) => {
      const isNamed = namesPerson(flags.person);
      if (isNamed(flags.reason) || isNamed(flags.by))
        command.error("error: --reason and --by must not name the person: both go on record");
      const result = await withWritableTrail((trail) => erase(trail, flags));
      if (flags.json) console.log(JSON.stringify(jsonOf(result)));
      else console.log(format(result, flags));
      if (!result.isDone && !flags.dryRun) process.exitCode = 1;
    });
}

const EXAMPLES = `
The erasure is on record itself: how much, when, by whom and why, but not whom. It works while a gateway runs; ended in the
middle, it is finished by running it again.

Not covered: policies and team files, MultiMail itself, exports, saved attachments, logs of other programs, and backups.

Examples:
  $ countersign audit erase --person jane@client.example --reason "Request 17 of 2026-11-20" --dry-run
  $ countersign audit erase --person jane@client.example --reason "Request 17 of 2026-11-20" --yes`;

interface EraseResult {
  readonly found: PersonValues;
  /** The `seq` of each erasure. */
  readonly records: readonly number[];
  readonly isDone: boolean;
}

/** Emails that leave meanwhile are looked for again, so often. */
const MAX_ROUNDS = 3;

async function erase(trail: TrailStore, flags: EraseFlags): Promise<EraseResult> {
  const found = await findPersonValues(trail, flags.person);
  if (flags.dryRun) return { found, records: [], isDone: false };
  if (found.unsettled.length > 0 && !flags.force) throw new Error(unsettledMessage(found.unsettled));
  if (valuesOf(found, flags).length > 0 && !(await confirm(found, flags)))
    return { found, records: [], isDone: false };
  const records: number[] = [];
  let left = found;
  for (let round = 0; round < MAX_ROUNDS && valuesOf(left, flags).length > 0; round++) {
    const { by, reason } = flags;
    records.push(
      ...(await eraseValues(trail, { commitments: valuesOf(left, flags), by, reason, now: Date.now() })),
    );
    left = await findPersonValues(trail, flags.person);
  }
  // Also when there was nothing left to erase: an earlier run may have ended before this.
  await trail.scrub();
  return { found, records, isDone: true };
}

/** Addresses last: as long as one is there, what belongs to it is found again. */
function valuesOf(
  { contents, texts, mentions, addresses }: PersonValues,
  flags: Pick<EraseFlags, "mentions">,
): readonly string[] {
  return [...(flags.mentions ? mentions : []), ...contents, ...texts, ...addresses];
}

async function confirm(found: PersonValues, flags: EraseFlags): Promise<boolean> {
  const { stdin, stderr } = process;
  const operator = new TerminalOperator({ input: stdin, output: stderr, yes: flags.yes ?? false, codes: [] });
  try {
    if (!flags.yes) operator.say(`This cannot be undone:\n${countLines(found, flags).join("\n")}`);
    return await operator.confirm("Erase it?");
  } finally {
    operator.close();
  }
}

function unsettledMessage(receipts: readonly string[]): string {
  const some = receipts.slice(0, 5).join(", ");
  const more = receipts.length > 5 ? ` and ${receipts.length - 5} more` : "";
  return printable(
    `Cannot erase yet: it is not known what became of ${some}${more}, for which their content is needed; wait, or use --force`,
  );
}

function countLines(found: PersonValues, { mentions }: Pick<EraseFlags, "mentions">): readonly string[] {
  const { addresses, emails, contents, texts } = found;
  const elsewhere = found.mentions.length;
  return [
    `  ${addresses.length} times the address`,
    `  ${contents.length} subjects, bodies, file names and attachments of ${emails} emails`,
    `  ${texts.length} other texts`,
    ...(elsewhere === 0
      ? []
      : [
          `  ${elsewhere} texts of emails to others that name the address${mentions ? "" : " stay (--mentions)"}`,
        ]),
  ];
}

function format({ found, records, isDone }: EraseResult, flags: EraseFlags): string {
  const { policyFiles } = found;
  const isNothing = valuesOf(found, flags).length === 0;
  const title = isDone
    ? isNothing
      ? "The trail keeps nothing of this person"
      : `Erased and overwritten, on record as ${records.join(", ")}:`
    : flags.dryRun
      ? "Would be erased:"
      : "Nothing was erased";
  return [
    title,
    ...((isDone || flags.dryRun) && !(isDone && isNothing) ? countLines(found, flags) : []),
    ...(policyFiles.length === 0
      ? []
      : [printable(`Policies on record name this person and stay: ${policyFiles.join(", ")}`)]),
    ...(isDone
      ? [
          "Not covered: team files, MultiMail itself, exports, saved attachments, logs, and backups made before;",
          "counters of limits keep a hash of the address for a day",
        ]
      : []),
  ].join("\n");
}

function jsonOf({ found, records, isDone }: EraseResult): Record<string, unknown> {
  const { addresses, contents, texts, mentions, emails, unsettled, policyFiles } = found;
  const counts = { emails, addresses: addresses.length, contents: contents.length, texts: texts.length };
  return { done: isDone, found: { ...counts, mentions: mentions.length, unsettled, policyFiles }, records };
}

function parsePerson(text: string): string {
  const parsed = parseAddress(text.trim());
  if (!parsed.ok) throw new InvalidArgumentError("An address is needed, like jane@client.example");
  return parsed.address.base;
}
