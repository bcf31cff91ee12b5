import { hash } from "node:crypto";
import { loadPolicies } from "@countersign/core/policy";
import type { TrailStore } from "../store/store.ts";
import { textsOf } from "./_selection.ts";
import type { ExportHeader } from "./export_header.ts";

/** Addresses of mailboxes by MultiMail's id, as the policies in force in an export's time declare them. */
export async function sendersOf(
  trail: TrailStore,
  header: ExportHeader,
): Promise<ReadonlyMap<string, string>> {
  const senders = new Map<string, string>();
  for await (const { name, text } of textsOf(trail, header)) {
    const file = { name, file: name, bytes: Buffer.from(text) };
    const loaded = loadPolicies([file], { sha256: (content) => hash("sha256", content) });
    // What cannot be read alone, such as the organisation's file, has no mailbox.
    if (!loaded.ok) continue;
    for (const { mailbox } of loaded.policies.teams.values()) senders.set(mailbox.id, mailbox.address);
  }
  return senders;
}
