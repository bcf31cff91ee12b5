import type { PolicySet } from "@countersign/core/policy";
import type { Settings } from "@countersign/host";
import { webhookUrl } from "./compare_webhook.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Live } from "./read_live.ts";

/** How much of a month's quota may be used before it is said. */
const QUOTA_SHARE = 0.9;

/** What a person should know of the account and its mailboxes, although no policy declares it. */
export function checkAccount(
  policies: PolicySet,
  live: Live,
  settings: Pick<Settings, "publicUrl">,
): readonly Diagnosis[] {
  return [...accountFindings(live), ...mailboxFindings(policies, live), ...webhookFindings(live, settings)];
}

function accountFindings({ accounts }: Live): readonly Diagnosis[] {
  return accounts.flatMap((account): Diagnosis[] => {
    const what = `account ${account.name ?? account.id}`;
    const { sendingDisabled, sendingDisabledReason, emailsSentThisMonth = 0, monthlyEmailQuota } = account;
    const findings: Diagnosis[] = [];
    if (sendingDisabled) {
      const message = `MultiMail lets the account send nothing${sendingDisabledReason ? `: ${sendingDisabledReason}` : ""}`;
      findings.push({ what, level: "problem", message, todo: "Ask MultiMail to let it send again" });
    }
    if (monthlyEmailQuota !== undefined && emailsSentThisMonth >= monthlyEmailQuota * QUOTA_SHARE) {
      const message = `${emailsSentThisMonth} of the month's ${monthlyEmailQuota} emails are sent`;
      findings.push({
        what,
        level: "warning",
        message,
        todo: "Take a larger plan at MultiMail, or send less",
      });
    }
    return findings;
  });
}

/** Ways by which email of a mailbox reaches somebody beside the policy. */
function mailboxFindings(policies: PolicySet, live: Live): readonly Diagnosis[] {
  return [...policies.teams.values()].flatMap(({ team }): Diagnosis[] => {
    const seen = live.teams.get(team);
    if (seen?.kind !== "seen") return [];
    const { forwardInbound, webhookUrl: url, oversightWebhookUrl } = seen.mailbox;
    const what = `mailbox of team ${team}`;
    const todo = "Look at the mailbox at MultiMail, and end it unless it is wanted";
    const messages = [
      ...(forwardInbound ? ["What it receives is forwarded to somebody"] : []),
      ...(url ? [`Its events are posted to ${hostOf(url)}`] : []),
      ...(oversightWebhookUrl ? [`What waits for approval is posted to ${hostOf(oversightWebhookUrl)}`] : []),
    ];
    return messages.map((message) => ({ what, level: "warning", message, todo }));
  });
}

function webhookFindings(
  { webhooks = [] }: Live,
  { publicUrl }: Pick<Settings, "publicUrl">,
): readonly Diagnosis[] {
  const others = new Set(
    webhooks.filter(({ url }) => url !== webhookUrl(publicUrl)).map(({ url }) => hostOf(url)),
  );
  return [...others].map((host) => ({
    what: "webhooks",
    level: "warning",
    message: `Events of the account are posted to ${host} as well`,
    todo: "Remove the subscription at MultiMail unless it is wanted",
  }));
}

/** The rest of an address may hold a secret. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an address that is none";
}
