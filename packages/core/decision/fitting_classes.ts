import { isEmailAction } from "../action/mod.ts";
import { matchesDenyPattern } from "../address/mod.ts";
import type { ContentHit } from "../content/mod.ts";
import type { ApprovalClass, ContentDetector, Located } from "../policy/mod.ts";
import type { RuleInput } from "./rule.ts";

/** A class of `approval.classes` that an email fits, and why. */
export interface FittingClass {
  readonly class: ApprovalClass;
  /** Indices of the recipients who are meant, if it is about recipients. */
  readonly about?: readonly number[];
  /** What it asks about and where that was found. */
  readonly found: readonly (readonly [Located<ContentDetector>, readonly ContentHit[]])[];
  /** Attachments that may say it, since nobody can read them. */
  readonly unreadable: readonly ContentHit[];
  /** Why nobody knows what the email says; absent: it was looked through, or need not be. */
  readonly failed?: string;
}

/** What tells which classes an email fits. */
export type ClassInput = Pick<RuleInput, "policy" | "action" | "recipients" | "scanned">;

/**
 * The classes of approval that an email fits. To ask for more is to be strict: recipients are compared as `recipients.deny`
 * compares them, and what cannot be looked through fits, unless the policy lets it pass unseen.
 */
export function fittingClasses(input: ClassInput): readonly FittingClass[] {
  const { policy, action } = input;
  if (policy.approval.classes.length === 0 || !isEmailAction(action)) return [];
  const hasFiles = action.draft.attachments.length > 0;
  return policy.approval.classes.flatMap((one): readonly FittingClass[] => {
    const { recipients, content, attachments } = one.when;
    if (attachments !== undefined && !hasFiles) return [];
    const about = recipients && meant(recipients, input);
    if (about?.length === 0) return [];
    const fitting = { class: one, ...(about !== undefined && { about }) };
    if (content === undefined) return [{ ...fitting, found: [], unreadable: [] }];
    const { found, unreadable, failed } = input.scanned();
    if (failed !== undefined) return [{ ...fitting, found: [], unreadable: [], failed }];
    const said = content.flatMap((detector) => {
      const hits = found.get(detector);
      return hits === undefined ? [] : [[detector, hits] as const];
    });
    const hidden = policy.content.unscannable === "allow" ? [] : unreadable;
    return said.length + hidden.length === 0 ? [] : [{ ...fitting, found: said, unreadable: hidden }];
  });
}

function meant(
  patterns: NonNullable<ApprovalClass["when"]["recipients"]>,
  { recipients }: ClassInput,
): readonly number[] {
  return recipients.flatMap(({ parsed }, index) =>
    parsed.ok && patterns.some(({ value }) => matchesDenyPattern(value, parsed.address)) ? [index] : [],
  );
}
