/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import {
  type Commitment,
  isReadable,
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

/** What happened to an email, for people. */
export function History({ entries }: { readonly entries: readonly HistoryEntry[] }): JSX.Element {
  return (
    <Section id="history" title="What happened to it">
      <ol class="timeline">
        {entries.map(({ at, words, by, reason }, index) => (
          <li key={index}>
            <p>
              {plain(words, 300)}
              {by !== undefined && (
                <>
                  {" by "}
                  <bdi>{plain(by, 254)}</bdi>
                </>
              )}
            </p>
            {reason !== undefined && <p dir="auto">“{plain(reason, 1_000)}”</p>}
            <p class="quiet small">
              <Moment at={at} />
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
