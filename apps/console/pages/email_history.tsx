/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import {
  type ApprovalData,
  type Commitment,
  isReadable,
  type LifecycleEvent,
  type StoredRecord,
  summarizeRecord,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Moment } from "../looks/moment.tsx";
import { Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";

/** Something that happened to an email. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly title: string;
  /** The record's own words. */
  readonly words: string;
  /** Who did it, and why, as far as it is known. */
  readonly by?: string;
  readonly reason?: string;
}

/** What happened to an email, oldest first. */
export async function historyOf(
  records: readonly StoredRecord[],
  trail: Pick<TrailStore, "unseal">,
): Promise<readonly HistoryEntry[]> {
  const values = await trail.unseal(records.flatMap(({ record }) => sealedIn(record)));
  return records.map(({ record }) => {
    const [by, reason] = bothOf(record).map((one) => (one === null ? undefined : values.get(one)));
    return {
      at: record.at,
      title: titleOf(record),
      words: summarizeRecord(record),
      ...(by !== undefined && { by }),
      ...(reason !== undefined && { reason }),
    };
  });
}

function sealedIn(record: TrailRecord): readonly Commitment[] {
  return bothOf(record).filter((one) => one !== null);
}

/** Commitments to who did it and why. */
function bothOf(record: TrailRecord): readonly (Commitment | null)[] {
  if (!isReadable(record)) return [];
  if (record.kind === "approval") return [record.data.by, record.data.reason];
  return record.kind === "lifecycle" && record.data.event !== "unknown"
    ? [record.data.by, record.data.reason]
    : [];
}

const DECIDED: Readonly<Record<ApprovalData["decision"], string>> = {
  approve: "Approved in the console",
  reject: "Rejected in the console",
  ask_for_changes: "Changes asked for in the console",
};

const BECAME: Readonly<Record<LifecycleEvent, string>> = {
  held: "Waits for a person",
  approved: "Approved at MultiMail",
  rejected: "Rejected at MultiMail",
  scheduled: "Scheduled at MultiMail",
  sent: "Sent",
  delivered: "Delivered",
  bounced: "Bounced",
  complained: "A recipient complained",
  cancelled: "Cancelled",
  send_failed: "MultiMail could not send it",
  denied: "Denied when it was judged again",
  expired: "Expired: nobody decided in time",
  released: "What was decided earlier is carried out",
  lapsed: "The approval lapsed: it does not meet what is required now",
  no_news: "MultiMail has no news of it",
};

function titleOf(record: TrailRecord): string {
  if (!isReadable(record)) return "A record that cannot be read";
  if (record.kind === "intent") return "Written by the assistant, and judged";
  if (record.kind === "approval") return DECIDED[record.data.decision];
  if (record.kind === "drift") return "Alarm about its mailbox";
  if (record.kind === "readback") return "Read back from MultiMail";
  if (record.kind === "outcome")
    return record.data.result === "accepted" ? "MultiMail took it" : "MultiMail's answer";
  if (record.kind === "lifecycle" && record.data.event !== "unknown") return BECAME[record.data.event];
  return "On record";
}

/** What happened to an email, for people. */
export function History({ entries }: { readonly entries: readonly HistoryEntry[] }): JSX.Element {
  return (
    <Section id="history" title="What happened to it">
      <ol class="timeline">
        {entries.map(({ at, title, words, by, reason }, index) => (
          <li key={index}>
            <p>
              {title}
              {by !== undefined && (
                <>
                  {" by "}
                  <bdi>{plain(by, 254)}</bdi>
                </>
              )}
            </p>
            {reason !== undefined && <p dir="auto">“{plain(reason, 1_000)}”</p>}
            <p class="quiet small">
              <Moment at={at} /> · {plain(words, 300)}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
