import type { EntryFrame, EntryOf } from "./frame.ts";
import { type Commitment, Sealer } from "./sealed.ts";

/** `data` of a `drift` record about a setting that somebody changes at MultiMail (`countersign apply`). */
export type AppliedChangeData = {
  /**
   * `applying` is on record before the change is made, so that no crash hides one. `code_requested`: MultiMail sent a code
   * to a person, without which it changes nothing.
   */
  readonly result: "code_requested" | "applying" | "applied" | "failed";
  /** MultiMail's id of the mailbox; empty: it has none yet. */
  readonly mailbox: string;
  /** What differs from now on is for the gateway to find out. */
  readonly settings: readonly [];
  /** Path of the policy key. */
  readonly setting: string;
  /** What the policy declares, and what MultiMail had before; an address is sealed. */
  readonly declared: Commitment | string | null;
  readonly live: Commitment | string | null;
  readonly because: null;
  /** Who did it, and why it failed. */
  readonly by: Commitment;
  readonly reason: Commitment | null;
};

/** A change, with who did it, what it is about and why it failed as text. */
export interface AppliedChange
  extends Pick<AppliedChangeData, "result" | "mailbox" | "setting" | "declared" | "live"> {
  readonly by: string;
  readonly reason?: string;
}

/** Builds the record of a change at MultiMail. Whom it names is sealed. */
export function appliedChangeEntry(
  { result, mailbox, setting, declared, live, by, reason }: AppliedChange,
  { at, team, policy }: Pick<EntryFrame, "at" | "team" | "policy">,
): EntryOf<"drift", AppliedChangeData> {
  const sealer = new Sealer();
  const seal = (text: string | null) =>
    text !== null && isPersonal(text) ? sealer.seal("text", text) : text;
  const data: AppliedChangeData = {
    result,
    mailbox,
    settings: [],
    setting,
    declared: seal(declared),
    live: seal(live),
    because: null,
    by: sealer.seal("text", by),
    reason: reason === undefined ? null : sealer.seal("text", reason),
  };
  const about = { team, assistant: null, receipt: null, policy };
  return { kind: "drift", at, ...about, data, sealed: sealer.values };
}

/** One person's address. A whole domain's pattern is none. */
function isPersonal(text: string): boolean {
  return /^[^\s@*]+@/.test(text);
}

/** Tells a change that somebody made from what the gateway saw of a mailbox: only changes name one setting. */
export function isAppliedChange<Seen extends object>(
  data: Seen | AppliedChangeData,
): data is AppliedChangeData {
  return "setting" in data;
}
