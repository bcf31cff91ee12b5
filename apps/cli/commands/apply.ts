import type { PolicySet } from "@countersign/core/policy";
import { parseEnv, type Settings } from "@countersign/host";
import { Command, InvalidArgumentError } from "commander";
import { type Access, openAccess } from "../plan/access.ts";
import type { ChangeAnswer } from "../plan/apply_change.ts";
import { type AppliedDifference, applyPlan } from "../plan/apply_plan.ts";
import { ChangeRecorder } from "../plan/change_recorder.ts";
import type { Difference } from "../plan/difference.ts";
import { differenceJson, formatPlan, planExitCode, planJson } from "../plan/format_plan.ts";
import { makePlan, type Plan } from "../plan/make_plan.ts";
import { PLAN_SETTINGS, type PlanSetting } from "../plan/plan_settings.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { TerminalOperator } from "../terminal/terminal_operator.ts";

interface ApplyFlags {
  readonly yes?: boolean;
  readonly code: readonly string[];
  readonly newCode?: boolean;
  readonly webhook?: boolean;
  readonly json?: boolean;
}

/** `countersign apply`: makes the live mailboxes as the policies declare them. Exits as `plan` would afterwards. */
export function applyCommand(): Command {
  return new Command("apply")
    .description(
      "Makes the live mailboxes as the policies declare them: stricter at once, looser after asking, with MultiMail's codes.",
    )
    .option("-y, --yes", "make looser without asking")
    .option(
      "--code <code>",
      "a code from MultiMail's email to the operator; again for the next one",
      addCode,
      [],
    )
    .option("--new-code", "have codes mailed anew, although the last ones may still be good")
    .option("--webhook", "subscribe the webhook also without MULTIMAIL_WEBHOOK_SECRET")
    .option("--json", 'print {"changes": […], "left": {…}}')
    .addHelpText("after", EXAMPLES)
    .action(async (flags: ApplyFlags) => {
      const policies = await requirePolicies();
      const settings = parseEnv(process.env, [...PLAN_SETTINGS, "dataDir", "databaseUrl"]);
      const access = openAccess(policies, { settings, env: process.env });
      try {
        const { changes, left } = await apply(policies, { access, settings, flags });
        const failed = changes.some(({ result }) => result === "failed");
        process.exitCode = failed ? 1 : planExitCode(left);
        if (flags.json)
          console.log(JSON.stringify({ changes: changes.map(changeJson), left: planJson(left) }));
        else console.log(formatPlan(left));
      } finally {
        await access.close();
      }
    });
}

const EXAMPLES = `
Needs MULTIMAIL_ADMIN_KEY. It can be ended and run again at any time: it goes on from where MultiMail is.
Every change is on record in the trail of DATABASE_URL or DATA_DIR. Exits 0 when MultiMail is as declared then, 2 when something is
left (a code is awaited, somebody said no), 1 when something failed.

Examples:
  $ countersign apply
  $ countersign apply --yes
  $ countersign apply --yes --code A7X-29K`;

interface ApplyOptions {
  readonly access: Access;
  readonly settings: Pick<Settings, PlanSetting | "dataDir" | "databaseUrl">;
  readonly flags: ApplyFlags;
}

async function apply(
  policies: PolicySet,
  { access, settings, flags }: ApplyOptions,
): Promise<{ readonly changes: readonly AppliedDifference[]; readonly left: Plan }> {
  if (access.admin === undefined)
    throw new Error("Cannot change anything at MultiMail: set MULTIMAIL_ADMIN_KEY");
  const webhook = flags.webhook ?? settings.multimailWebhookSecret !== undefined;
  const look = () => makePlan(policies, { access, settings, webhook });
  const { client } = access.admin;
  const plan = await look();
  if (plan.differences.length === 0) return { changes: [], left: plan };
  const operator = new TerminalOperator({
    input: process.stdin,
    output: process.stderr,
    yes: flags.yes ?? false,
    codes: flags.code,
  });
  const recorder = await ChangeRecorder.open(settings, policies);
  const onMade = (difference: Difference, answer: ChangeAnswer) => {
    const words = wordsOf(difference, answer, settings.multimailWebhookSecret);
    if (words !== undefined) operator.say(words);
  };
  const options = { client, recorder, operator, onMade, newCodes: flags.newCode ?? false };
  try {
    const changes = await applyPlan(plan.differences, options);
    const left = await look();
    // An old code may have loosened more than was declared.
    const tooLoose = left.differences.filter(({ change }) => change?.kind === "tighten");
    if (tooLoose.length === 0) return { changes, left };
    return { changes: [...changes, ...(await applyPlan(tooLoose, options))], left: await look() };
  } finally {
    operator.close();
    await recorder.close();
  }
}

/** What the person has to write down. */
function wordsOf(
  { where }: Difference,
  { mailbox, webhook }: ChangeAnswer,
  knownSecret?: string,
): string | undefined {
  if (mailbox !== undefined)
    return `MultiMail has made ${mailbox.address}: set mailbox.id to "${mailbox.id}" at ${where}`;
  if (webhook?.signingSecret === undefined) return undefined;
  if (webhook.signingSecret === knownSecret)
    return "Its events are signed with the secret in MULTIMAIL_WEBHOOK_SECRET";
  return [
    `Its signing secret, which is shown this once: ${webhook.signingSecret}`,
    "Put it into MULTIMAIL_WEBHOOK_SECRET where the gateway runs, and start that again",
  ].join("\n");
}

function changeJson({ difference, result, message }: AppliedDifference): Record<string, unknown> {
  return { ...differenceJson(difference), result, message: message ?? null };
}

function addCode(text: string, codes: readonly string[]): readonly string[] {
  const code = text.trim();
  if (!/^[\w-]{1,16}$/.test(code)) throw new InvalidArgumentError("A code looks like A7X-29K");
  return [...codes, code];
}
