import { setTimeout as sleep } from "node:timers/promises";
import type { Sent } from "./compare_with_trail.ts";
import type { CrashStack } from "./crash_stack.ts";

/** MultiMail scans what it takes before it lets it leave. */
const SCAN_MS = 100;

/**
 * Everything that left, once the lead has approved what was held.
 *
 * @throws {Error} when anything that should be held left before
 */
export async function deliveries({
  control,
  lead,
}: Pick<CrashStack, "control" | "lead">): Promise<Sent["outbox"]> {
  const outbox = async () =>
    ((await control("GET", "/sandbox/outbox")) as { messages: Sent["outbox"] }).messages;
  await sleep(SCAN_MS);
  const early = (await outbox()).filter(({ mailbox_id }) => mailbox_id === "mbx-gated");
  if (early.length > 0) throw new Error(`${early.length} emails left before anybody approved them`);
  for (const { id } of await lead.listPending()) await lead.decide(id, "approve");
  return outbox();
}
