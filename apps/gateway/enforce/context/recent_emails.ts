import { askedDraft, isAskedFor } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import { type JudgedRecipient, overlapWindow, type RecentEmail } from "@countersign/core/decision";
import { fingerprint } from "@countersign/core/overlap";
import type { TeamPolicy } from "@countersign/core/policy";
import type { StoredRecord } from "@countersign/trail";
import type { World } from "../world.ts";
import { emailsTo } from "./emails_to.ts";

/** More than this many recent emails to one recipient tell nothing new. */
const MAX_PER_RECIPIENT = 50;

/** Emails of the last `overlap.window` to any of these recipients, whoever sent them. */
export async function recentEmails(
  policy: TeamPolicy,
  recipients: readonly JudgedRecipient[],
  world: Pick<World, "trail" | "clock">,
): Promise<readonly RecentEmail[]> {
  const windowMs = overlapWindow(policy);
  if (windowMs === undefined) return [];
  const since = world.clock() - windowMs;
  const bases = new Set(recipients.flatMap(({ parsed }) => (parsed.ok ? [parsed.address.base] : [])));
  const found = new Map<string, StoredRecord<"intent">>();
  for (const recipient of bases) {
    const wanted = { since, limit: MAX_PER_RECIPIENT };
    for await (const stored of emailsTo(recipient, wanted, world))
      found.set(stored.record.receipt ?? "", stored);
  }
  return Promise.all([...found.values()].map((stored) => toRecentEmail(stored, policy, world)));
}

async function toRecentEmail(
  { record }: StoredRecord<"intent">,
  policy: TeamPolicy,
  { trail }: Pick<World, "trail">,
): Promise<RecentEmail> {
  const { data } = record;
  const addresses = data.recipients.filter(isAskedFor).map(({ address }) => address);
  const texts = [data.subject, data.body].filter((commitment) => commitment !== null);
  const values = await trail.unseal([...addresses, ...texts]);
  const { subject, markdown } = askedDraft({
    subject: values.get(data.subject ?? "") ?? "",
    markdown: values.get(data.body ?? "") ?? "",
    attachments: [],
    ...(data.added && { added: data.added }),
  });
  return {
    receipt: record.receipt ?? "",
    team: record.team ?? "",
    assistant: record.assistant ?? "",
    at: Date.parse(record.at),
    recipients: addresses.flatMap((address) => {
      const parsed = parseAddress(values.get(address) ?? "");
      return parsed.ok ? [parsed.address.base] : [];
    }),
    ...(record.team === policy.team && { fingerprint: fingerprint(`${subject}\n${markdown}`) }),
  };
}
