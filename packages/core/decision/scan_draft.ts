import type { Draft, EmailAction } from "../action/mod.ts";
import { type ContentHit, scan } from "../content/mod.ts";
import type { ContentDetector, Located, TeamPolicy } from "../policy/mod.ts";
import type { Context } from "./context.ts";

/** What the policy's detectors found in an email. */
export interface DraftScan {
  /** For each detector, of `block`, `flag` and classes of approval, that found something: where. */
  readonly found: ReadonlyMap<Located<ContentDetector>, readonly ContentHit[]>;
  /** Attachments that cannot be looked into. */
  readonly unreadable: readonly ContentHit[];
  /** Why nobody knows what the email says; absent: it was looked through. */
  readonly failed?: string;
}

/** What to look for in an email, and in what: plain data, which `scan` takes. */
export interface ScanOrder {
  readonly draft: Pick<Draft, "subject" | "markdown" | "attachments">;
  readonly detectors: readonly ContentDetector[];
}

/**
 * The scan that a policy wants of an email: the detectors of `block`, of `flag` and of classes of approval together, over
 * the subject with which it leaves and all it holds.
 */
export function scanOrder(
  policy: Pick<TeamPolicy, "content" | "approval">,
  action: EmailAction,
  { original }: Pick<Context, "original">,
): ScanOrder {
  // A reply leaves with the subject of the email replied to (MultiMail).
  const subject = action.name === "reply" && original?.ok ? original.subject : action.draft.subject;
  const wanted = new Map(wantedDetectors(policy).map(({ wanted }) => [wanted.name, wanted]));
  return { draft: { ...action.draft, subject }, detectors: [...wanted.values()] };
}

/** Every detector of a policy, and as what it is looked for. */
function wantedDetectors({ content, approval }: Pick<TeamPolicy, "content" | "approval">): readonly {
  readonly detector: Located<ContentDetector>;
  readonly wanted: ContentDetector;
}[] {
  const classes = approval.classes.flatMap(({ when }) => when.content ?? []);
  // Two lists, the team's and the organisation's, may name different patterns alike: here each has a name of its own, which
  // no built-in one can have.
  return [...content.block, ...content.flag, ...classes].map((detector, index) => ({
    detector,
    wanted:
      detector.value.kind === "pattern" ? { ...detector.value, name: `pattern ${index}` } : detector.value,
  }));
}

/** What the scan finds: as it was done ahead of the decision, or done now. */
export function scanDraft(policy: TeamPolicy, action: EmailAction, context: Context): DraftScan {
  const { inspection, now } = context;
  if (inspection?.ok === false) return { found: new Map(), unreadable: [], failed: inspection.message };
  const { draft, detectors } = scanOrder(policy, action, context);
  const hits = inspection?.hits ?? scan(draft, detectors, { now });
  const found = wantedDetectors(policy).map(
    ({ detector, wanted }) =>
      [
        detector,
        hits.filter(({ detector: name, kind }) => name === wanted.name && kind === wanted.kind),
      ] as const,
  );
  return {
    found: new Map(found.filter(([, where]) => where.length > 0)),
    unreadable: hits.filter(({ kind }) => kind === "unscannable"),
  };
}
