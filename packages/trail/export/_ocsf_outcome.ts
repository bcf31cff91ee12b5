import { isReadable } from "../record/is_readable.ts";
import type { LifecycleEvent } from "../record/lifecycle.ts";
import type { OutcomeData } from "../record/outcome.ts";
import type { RecordData, TrailRecord } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";

/** What became of an email, in OCSF's numbers. */
export interface OcsfOutcome {
  readonly severity_id: number;
  readonly status_id: number;
  readonly status: string;
  readonly action_id: number;
  readonly disposition_id: number;
}

const ALLOWED = { severity_id: 1, status_id: 1, status: "Success", action_id: 1, disposition_id: 1 } as const;
const FAILED = { ...ALLOWED, severity_id: 2, status_id: 2, status: "Failure", disposition_id: 27 } as const;
const DENIED = { ...FAILED, action_id: 2, disposition_id: 2 } as const;
const UNKNOWN = { ...ALLOWED, status_id: 0, status: "Unknown", disposition_id: 0 } as const;
const DELAYED = { ...ALLOWED, disposition_id: 14 } as const;

const LIFECYCLE: Readonly<Record<LifecycleEvent, OcsfOutcome>> = {
  held: DELAYED,
  approved: { ...ALLOWED, disposition_id: 8 },
  rejected: { ...DENIED, disposition_id: 25 },
  scheduled: DELAYED,
  sent: ALLOWED,
  delivered: ALLOWED,
  bounced: FAILED,
  complained: { ...FAILED, severity_id: 3, disposition_id: 19 },
  cancelled: { ...FAILED, severity_id: 1, status_id: 99, status: "Cancelled", disposition_id: 99 },
  send_failed: FAILED,
  denied: DENIED,
  expired: { ...FAILED, severity_id: 1, status_id: 99, status: "Expired", disposition_id: 99 },
  released: UNKNOWN,
  lapsed: UNKNOWN,
  no_news: UNKNOWN,
};

const OUTCOMES: Readonly<Record<OutcomeData["result"], OcsfOutcome>> = {
  accepted: ALLOWED,
  answered: ALLOWED,
  refused: FAILED,
  unknown: { ...UNKNOWN, severity_id: 2 },
};

/** What became of an email by a record of each kind; null: it is about none. */
const OUTCOME: { readonly [Kind in RecordKind]: OutcomeOf<RecordData[Kind]> | null } = {
  intent: ({ effect, held }) => (effect === "deny" ? DENIED : held ? DELAYED : ALLOWED),
  outcome: ({ result }) => own(OUTCOMES, result),
  lifecycle: (data) => (data.event === "unknown" ? undefined : own(LIFECYCLE, data.event)),
  approval: null,
  notice: null,
  readback: null,
  policy: null,
  drift: null,
  key: null,
  refused: null,
  access: null,
  export: null,
  erasure: null,
  checkpoint: null,
};

/** What another version put on record is not there, and neither is what every object has. */
function own<Name extends string>(
  table: Readonly<Record<Name, OcsfOutcome>>,
  name: Name,
): OcsfOutcome | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

type OutcomeOf<Data> = (data: Data) => OcsfOutcome | undefined;

/** What a record says became of an email; undefined: it is about none. */
export function ocsfOutcome(record: TrailRecord): OcsfOutcome | undefined {
  const { kind, data } = record;
  // Of its own kind.
  const outcomeOf = OUTCOME[kind] as OutcomeOf<RecordData[RecordKind]> | null;
  if (outcomeOf === null || isReadable(record)) return outcomeOf?.(data);
  // It may be about an email, and nobody can say what became of it.
  return { ...UNKNOWN, severity_id: 3 };
}
