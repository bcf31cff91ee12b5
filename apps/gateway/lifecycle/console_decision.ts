import { signedApprovals } from "@countersign/lifecycle";
import type { StoredRecord, TrailStore } from "@countersign/trail";
import type { ConsoleKeys } from "./console_keys.ts";

/** What was decided in the console on an email, and by whom. */
export interface ConsoleDecision {
  /** The decision that ended its waiting; absent: none did. */
  readonly ended?: { readonly by?: string; readonly reason?: string };
  /** How many people had to approve, as those who decided were told. */
  readonly needed: number;
}

/** What the world needs to know the console's decisions. */
export interface ConsoleDecisionWorld {
  readonly trail: Pick<TrailStore, "unseal">;
  /** Absent: there is no console. */
  readonly consoleKeys?: ConsoleKeys;
}

/**
 * What is on record of the console's that explains what MultiMail shows of an email: signed by its key, about this email. What is
 * not signed, or by another, counts for nothing.
 *
 * @throws {TrailUnavailableError}
 */
export async function consoleDecision(
  event: "approved" | "rejected",
  { records, emailId }: { readonly records: readonly StoredRecord[]; readonly emailId: string },
  { trail, consoleKeys }: ConsoleDecisionWorld,
): Promise<ConsoleDecision> {
  if (!records.some(({ record: { kind } }) => kind === "approval")) return { needed: 0 };
  const signed = signedApprovals(records, (await consoleKeys?.()) ?? []).filter(
    ({ data: { email } }) => email === emailId,
  );
  const needed = Math.max(0, ...signed.flatMap(({ data }) => data.required.map(({ needed }) => needed)));
  const last = signed.findLast(
    ({ data: { completes, decision } }) => completes && (decision === "approve") === (event === "approved"),
  );
  if (last === undefined) return { needed };
  const { by, reason } = last.data;
  const values = await trail.unseal([by, ...(reason === null ? [] : [reason])]);
  const [person, why] = [values.get(by), values.get(reason ?? "")];
  const ended = { ...(person !== undefined && { by: person }), ...(why !== undefined && { reason: why }) };
  return { ended, needed };
}
