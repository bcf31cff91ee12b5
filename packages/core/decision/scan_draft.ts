import type { EmailAction } from "../action/mod.ts";
import { type ContentHit, scan } from "../content/mod.ts";
import type { ContentDetector, Located, TeamPolicy } from "../policy/mod.ts";
import type { Context } from "./context.ts";

/** What the policy's detectors found in an email. */
export interface DraftScan {
  /** For each detector, of `block` and of `flag`, that found something: where. */
  readonly found: ReadonlyMap<Located<ContentDetector>, readonly ContentHit[]>;
  /** Attachments that cannot be looked into. */
  readonly unreadable: readonly ContentHit[];
}

/** Runs the detectors of `block` and `flag` together, in one scan, over the subject with which the email leaves and all it holds. */
export function scanDraft(
  { content }: TeamPolicy,
  action: EmailAction,
  { original, now }: Context,
): DraftScan {
  // A reply leaves with the subject of the email replied to (MultiMail).
  const subject = action.name === "reply" && original?.ok ? original.subject : action.draft.subject;
  const detectors = [...content.block, ...content.flag];
  // Two lists, the team's and the organisation's, may name different patterns alike: here each has a name of its own.
  const named = detectors.map(({ value }, index) =>
    value.kind === "pattern" ? { ...value, name: `pattern ${index}` } : value,
  );
  const hits = scan({ ...action.draft, subject }, named, { now });
  const found = detectors.map((detector, index) => {
    const wanted = named[index];
    return [
      detector,
      hits.filter(({ detector: name, kind }) => name === wanted?.name && kind === wanted.kind),
    ] as const;
  });
  return {
    found: new Map(found.filter(([, where]) => where.length > 0)),
    unreadable: hits.filter(({ kind }) => kind === "unscannable"),
  };
}
