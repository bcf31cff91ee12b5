import type { AccessData } from "./access.ts";
import type { AppliedChangeData } from "./applied_change.ts";
import type { ApprovalData } from "./approval.ts";
import type { CheckpointData } from "./checkpoint.ts";
import type { DriftData } from "./drift.ts";
import type { ErasureData } from "./erasure.ts";
import type { ExportData } from "./export.ts";
import type { EntryOf, RecordFrame } from "./frame.ts";
import type { IntentData } from "./intent.ts";
import type { JsonObject } from "./json.ts";
import type { KeyChangeData } from "./key.ts";
import type { LifecycleData, UnknownEventData } from "./lifecycle.ts";
import type { NotExtendedData } from "./not_extended.ts";
import type { NoticeData } from "./notice.ts";
import type { OutcomeData } from "./outcome.ts";
import type { PolicyData } from "./policy.ts";
import type { ReadbackData } from "./readback.ts";
import type { RecordKind } from "./record_kind.ts";
import type { RefusedData } from "./refused.ts";
import type { SigningKeyData } from "./signing_key.ts";

/** What a record of each kind holds. */
export interface RecordData extends Readonly<Record<RecordKind, JsonObject>> {
  readonly intent: IntentData;
  readonly outcome: OutcomeData;
  readonly lifecycle: LifecycleData | UnknownEventData;
  readonly approval: ApprovalData;
  readonly notice: NoticeData;
  readonly readback: ReadbackData;
  readonly policy: PolicyData;
  readonly drift: DriftData | AppliedChangeData;
  readonly key: KeyChangeData | SigningKeyData;
  readonly refused: RefusedData | NotExtendedData;
  readonly access: AccessData;
  readonly export: ExportData;
  readonly erasure: ErasureData;
  readonly checkpoint: CheckpointData;
}

/** One record of the trail: the bytes of its RFC 8785 canonical JSON are a leaf of the RFC 6962 tree. */
export type TrailRecord<Kind extends RecordKind = RecordKind> = {
  readonly [Each in Kind]: RecordOf<Each>;
}[Kind];

/** A record of one kind. */
export interface RecordOf<Kind extends RecordKind> extends RecordFrame {
  readonly kind: Kind;
  /** With whatever another version put on record beside it. */
  readonly data: RecordData[Kind] & JsonObject;
}

/** A record whose data was not looked at: whoever could write the trail may have put anything there. */
export interface RawRecord extends RecordFrame {
  readonly kind: RecordKind;
  readonly data: JsonObject;
}

/** What a caller wants recorded, of one of these kinds. `seq` is filled in when it is appended. */
export type TrailEntry<Kind extends RecordKind = RecordKind> = {
  readonly [Each in Kind]: EntryOf<Each, RecordData[Each]>;
}[Kind];
