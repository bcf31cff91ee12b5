import { type AppliedChangeData, isAppliedChange } from "./applied_change.ts";
import type { EntryFrame, EntryOf } from "./frame.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
import { sealPerson } from "./lifecycle.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { listOf, maybe, objectOf, TEXT } from "./shape.ts";

/** `data` of a `drift` record: a mailbox is not what it must be, or is again. */
export type DriftData = {
  /**
   * `differs`: settings at MultiMail are not those declared. `ends`: they are again. `stopped`: an alarm stopped the
   * mailbox. `decided_by_other`: somebody who is no approver of the team, or alone where several must, decided on its
   * email, which stops nothing.
   * `cleared`: a person let it send again, and has seen to what was wrong.
   */
  readonly result: "differs" | "ends" | "stopped" | "decided_by_other" | "cleared";
  /** MultiMail's id of the mailbox. */
  readonly mailbox: string;
  /**
   * Paths of the policy keys that are not as declared (`differs`) or that do not name who decided (`decided_by_other`), or
   * what differed in the email (`stopped`).
   */
  readonly settings: readonly string[];
  /** For `stopped` and `decided_by_other`: the receipt of the email that raised the alarm, or of the call that read it. */
  readonly because: string | null;
  /** For `decided_by_other` about received email: MultiMail's id of it. */
  readonly email?: string;
  /** For `cleared`: who, and why. For `decided_by_other`: who decided. */
  readonly by: Commitment | null;
  readonly reason: Commitment | null;
};

/** What became of a mailbox, with people and reasons as text; fields left out are null, `settings` none. */
export interface DriftEntryOptions extends Pick<DriftData, "result" | "mailbox"> {
  readonly settings?: DriftData["settings"];
  readonly because?: string;
  readonly email?: string;
  /** Mostly an address, of who decided; a name, of who cleared. */
  readonly by?: string;
  readonly reason?: string;
}

/** Builds the record that a mailbox is not what it must be, or is again. */
export function driftEntry(
  { result, mailbox, settings = [], because, email, by, reason }: DriftEntryOptions,
  { at, team, receipt, policy }: Omit<EntryFrame, "assistant">,
): EntryOf<"drift", DriftData> {
  const sealer = new Sealer();
  const seal = result === "decided_by_other" ? sealPerson : sealText;
  const data: DriftData = {
    ...{ result, mailbox, settings, because: because ?? null },
    by: by === undefined ? null : seal(sealer, by),
    reason: reason === undefined ? null : sealText(sealer, reason),
    ...(email !== undefined && { email }),
  };
  return { kind: "drift", at, team, assistant: null, receipt, policy, data, sealed: sealer.values };
}

function sealText(sealer: Sealer, text: string): Commitment {
  return sealer.seal("text", text);
}

/** A `drift`'s words for people and commitments, and what it means to others. */
export const DRIFT: Kind<DriftData | AppliedChangeData> = {
  words: (data) => {
    const { result, mailbox, settings } = data;
    const names = isAppliedChange(data) ? [...settings, data.setting] : settings;
    return `drift ${result} ${mailbox}${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
  },
  shown: "members",
  shape: objectOf({ result: TEXT, mailbox: TEXT, settings: listOf(TEXT), setting: maybe(TEXT) }),
  shared: false,
  commitments: [...WHO_AND_WHY, [null, "declared", ["text"]], [null, "live", ["text"]]],
  person: "by",
};
