import { ACCESS } from "./access.ts";
import { APPROVAL } from "./approval.ts";
import { CHECKPOINT } from "./checkpoint.ts";
import { DRIFT } from "./drift.ts";
import { ERASURE } from "./erasure.ts";
import { EXPORT } from "./export.ts";
import { INTENT } from "./intent.ts";
import { KEY } from "./key.ts";
import type { Kind } from "./kind.ts";
import { LIFECYCLE } from "./lifecycle.ts";
import { NOTICE } from "./notice.ts";
import { OUTCOME } from "./outcome.ts";
import { POLICY } from "./policy.ts";
import { READBACK } from "./readback.ts";
import type { RecordData } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";
import { REFUSED } from "./refused.ts";

/** Each kind of record. One that is missing does not compile. */
export const KINDS: { readonly [Each in RecordKind]: Kind<RecordData[Each]> } = {
  intent: INTENT,
  outcome: OUTCOME,
  lifecycle: LIFECYCLE,
  approval: APPROVAL,
  notice: NOTICE,
  readback: READBACK,
  policy: POLICY,
  drift: DRIFT,
  key: KEY,
  refused: REFUSED,
  access: ACCESS,
  export: EXPORT,
  erasure: ERASURE,
  checkpoint: CHECKPOINT,
};
