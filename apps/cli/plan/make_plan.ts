import type { PolicySet } from "@countersign/core/policy";
import type { Settings } from "@countersign/host";
import type { Access } from "./access.ts";
import { checkAccount } from "./check_account.ts";
import { checkKeys } from "./check_keys.ts";
import { compareMailbox } from "./compare_mailbox.ts";
import { compareWebhook } from "./compare_webhook.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Difference } from "./difference.ts";
import { readLive } from "./read_live.ts";

/** How MultiMail differs from what is declared. */
export interface Plan {
  /** Team by team, then the account's. */
  readonly differences: readonly Difference[];
  /** What else a person should know: keys, the account. */
  readonly findings: readonly Diagnosis[];
  /** What could not be compared, and why. */
  readonly errors: readonly { readonly team: string | null; readonly message: string }[];
}

/** What a plan is made from. */
export interface MakePlanOptions {
  readonly access: Access;
  readonly settings: Pick<Settings, "publicUrl" | "multimailApiUrl">;
  /** Whether MultiMail is to tell the gateway its events; without, the gateway asks. */
  readonly webhook: boolean;
}

/** Reads everything from MultiMail and compares it with the policies. Changes nothing. */
export async function makePlan(policies: PolicySet, options: MakePlanOptions): Promise<Plan> {
  const { access, settings, webhook } = options;
  const [live, keys] = await Promise.all([readLive(policies, access), checkKeys(access)]);
  const teams = [...policies.teams.values()].sort((a, b) => (a.team < b.team ? -1 : 1));
  const differences: Difference[] = [];
  const errors = live.errors.map((message): Plan["errors"][number] => ({ team: null, message }));
  for (const policy of teams) {
    const seen = live.teams.get(policy.team) ?? { kind: "error", message: "It was not looked at" };
    differences.push(...compareMailbox(policy, seen));
    if (seen.kind === "error") errors.push({ team: policy.team, message: seen.message });
  }
  const findings = [...keys, ...checkAccount(policies, live, settings)];
  if (webhook && live.webhooks !== undefined) {
    differences.push(...compareWebhook(live.webhooks, settings));
  } else if (webhook && access.admin === undefined) {
    const message = "Whether MultiMail tells the gateway its events was not compared";
    findings.push({
      what: "webhooks",
      level: "warning",
      message,
      todo: "Set MULTIMAIL_ADMIN_KEY to compare it",
    });
  }
  return { differences, findings, errors };
}
