import { parseEnv } from "@countersign/host";
import { Command } from "commander";
import { openAccess } from "../plan/access.ts";
import { formatPlan, planExitCode, planJson } from "../plan/format_plan.ts";
import { makePlan } from "../plan/make_plan.ts";
import { PLAN_SETTINGS } from "../plan/plan_settings.ts";
import { requirePolicies } from "../policy/require_policies.ts";

/** `countersign plan`: how the live mailboxes differ from the policies. Exits 0 in step, 2 on drift, 1 on an error. */
export function planCommand(): Command {
  return new Command("plan")
    .description("Compares the policies with the live mailboxes at MultiMail, and changes nothing.")
    .option("--webhook", "compare the webhook also without MULTIMAIL_WEBHOOK_SECRET")
    .option("--json", 'print {"in_step": …, "differences": […], "findings": […], "errors": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async ({ json, webhook = false }: { json?: boolean; webhook?: boolean }) => {
      const policies = await requirePolicies();
      const settings = parseEnv(process.env, PLAN_SETTINGS);
      const access = openAccess(policies, { settings, env: process.env });
      try {
        const wantsWebhook = webhook || settings.multimailWebhookSecret !== undefined;
        const plan = await makePlan(policies, { access, settings, webhook: wantsWebhook });
        console.log(json ? JSON.stringify(planJson(plan)) : formatPlan(plan));
        process.exitCode = planExitCode(plan);
      } finally {
        await access.close();
      }
    });
}

const EXAMPLES = `
With MULTIMAIL_ADMIN_KEY everything is compared, without it what the teams' own keys may read.
Exits 0 when MultiMail is as declared, 2 when it differs, 1 when something could not be compared.

Examples:
  $ countersign plan
  $ countersign plan --json | jq '.differences[] | select(.effect == "stricter")'`;
