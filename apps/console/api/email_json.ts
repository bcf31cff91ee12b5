import { createHash } from "node:crypto";
import { parseAddress } from "@countersign/core/address";
import { isInternal } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import { findingData } from "@countersign/lifecycle";
import type { IntentData } from "@countersign/trail";
import { PolicyLines } from "@countersign/trail/report";
import type { ConsoleWorld, SignedIn } from "../console_world.ts";
import { type HeldEmail, hasApproved, mayDecideOn } from "../deciding/held_email.ts";
import { filesOf } from "../pages/email_files.ts";

/** So many lines of the policy are shown around the one that decided. */
const AROUND = 1;

/** An email that waits, with all that it is decided on, as a shell shows it; what was erased is null. */
export async function emailJson(held: HeldEmail, person: SignedIn, { trail }: ConsoleWorld): Promise<object> {
  const { waiting, policy, policies, values, decision, counting, tally, digests } = held;
  const { data, intent, receipt } = waiting;
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const value = (commitment: Parameters<typeof values.get>[0] | null) =>
    commitment === null ? null : (values.get(commitment) ?? null);
  const now = decision.findings.map((finding) => findingData(finding));
  const rules = new Set(now.map(({ rule }) => rule));
  const then = data.findings.filter(({ rule }) => !rules.has(rule));
  const source = new PolicyLines(trail);
  const withLines = (findings: IntentData["findings"], hash: string | null) =>
    Promise.all(
      findings.map(async ({ rule, effect, message, detail, where }) => ({
        ...{ rule, effect, message, detail, where },
        lines: where === null ? null : ((await source.linesAround(hash, where, AROUND)) ?? null),
      })),
    );
  const first = new Set(
    data.findings.filter(({ rule }) => rule === "first_contact").flatMap(({ about }) => about),
  );
  const may = mayDecideOn(held, person.session);
  return {
    receipt,
    team: policy.team,
    assistant: intent.assistant,
    written_for: counting.writtenFor?.address ?? counting.writtenFor?.subject ?? null,
    held_at: time(held.heldAt),
    expires_at: time(held.expiresAt),
    from: policy.mailbox.address,
    recipients: data.recipients.map(({ field, address, composed }, index) => {
      const text = value(address);
      const parsed = parseAddress(text ?? "");
      return {
        field,
        address: text,
        inside: parsed.ok && isInternal(policy, parsed.address),
        first_contact: first.has(index),
        added_by_policy: composed === true,
      };
    }),
    send_at: data.send_at,
    subject: data.subject === null ? held.email.subject : value(data.subject),
    body: value(data.body),
    attachments: filesOf(data, values).map(({ name, declared, actual, size, bytes }) => ({
      name: name ?? null,
      declared,
      actual: actual ?? null,
      bytes: size,
      sha256: bytes === undefined ? null : createHash("sha256").update(bytes).digest("hex"),
    })),
    findings: await withLines(now, policies.hash),
    found_when_asked: await withLines(then, intent.policy),
    allowed: decision.effect === "allow",
    differs_at_multimail: held.comparison.differences,
    required: tally.requirements.map(({ requirement, counted, missing }) => ({
      class: requirement.class ?? null,
      needed: requirement.needed,
      missing,
      by: requirement.by.map(({ address }) => address),
      approved_by: counted.map(({ decision }) => decision.by.address),
      where: formatWhere(requirement.where),
    })),
    uncounted: tally.uncounted.map(({ decision, why }) => ({ by: decision.by.address, why })),
    decided: held.decided === undefined ? null : { due: held.decided.data.due },
    you: {
      address: person.session.address,
      may_decide: may.ok,
      may_approve: may.ok && may.countsFor.length > 0 && !hasApproved(held, person.session),
      why_not: may.why ?? null,
    },
    reason: policy.approval.reason,
    shown: `${digests.content}.${digests.judgement}`,
  };
}
