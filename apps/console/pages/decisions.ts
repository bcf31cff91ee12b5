import {
  type Commitment,
  isReadable,
  type LifecycleData,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import type { ConsoleWorld } from "../console_world.ts";
import { maySee, type Roles } from "../people/roles.ts";

/** What somebody decided on an email that waited. */
export interface Decision {
  readonly team: string;
  readonly assistant: string | null;
  readonly receipt: string;
  readonly event: "approved" | "rejected";
  /** Who decided, as far as it is known; undefined: nobody is named; null: it was erased. */
  readonly by: string | null | undefined;
  readonly decidedBy: LifecycleData["decided_by"];
  /** Why, if it was said. */
  readonly reason: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From when it was asked for until it was decided, in milliseconds; undefined: nobody knows. */
  readonly waitedMs: number | undefined;
}

/** Which decisions. */
export interface DecisionsOptions {
  readonly roles: Roles;
  /** Of this team only. */
  readonly team?: string;
  /** Epoch milliseconds, inclusive and exclusive. */
  readonly since?: number;
  readonly until?: number;
}

type Decided = TrailRecord<"lifecycle"> & { readonly data: LifecycleData };

/** The decisions that a person may see, the newest first. */
export async function* decisions(
  { trail }: Pick<ConsoleWorld, "trail">,
  { roles, ...filter }: DecisionsOptions,
): AsyncGenerator<Decision> {
  for await (const { record } of trail.records({ kind: "lifecycle", newestFirst: true, ...filter })) {
    const { team, receipt } = record;
    if (team === null || receipt === null || !maySee(roles, team) || !isDecided(record)) continue;
    yield await decisionOf(trail, record, { team, receipt });
  }
}

function isDecided(record: TrailRecord<"lifecycle">): record is Decided {
  return isReadable(record) && (record.data.event === "approved" || record.data.event === "rejected");
}

async function decisionOf(
  trail: Pick<TrailStore, "recordsOf" | "unseal">,
  { data, at, assistant }: Decided,
  { team, receipt }: Pick<Decision, "team" | "receipt">,
): Promise<Decision> {
  const { event, by, reason, decided_by: decidedBy, happened_at: happened } = data;
  const values = await trail.unseal([by, reason].filter((one): one is Commitment => one !== null));
  const askedAt = (await trail.recordsOf(receipt)).find(({ record }) => record.kind === "intent")?.record.at;
  const decidedAt = Date.parse(happened ?? at);
  return {
    ...{ team, assistant, receipt, decidedBy },
    event: event === "approved" ? "approved" : "rejected",
    by: by === null ? undefined : (values.get(by) ?? null),
    reason: reason === null ? undefined : values.get(reason),
    at: decidedAt,
    waitedMs: askedAt === undefined ? undefined : Math.max(0, decidedAt - Date.parse(askedAt)),
  };
}
