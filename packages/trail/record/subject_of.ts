import type { Commitment } from "./sealed.ts";

/** The subjects that an intent names. */
interface Subjects {
  readonly subject: Commitment | null;
  readonly original_subject?: Commitment | null;
}

/**
 * The subject of an email that was asked for, as far as it was not erased. MultiMail makes that of a reply, of the subject of
 * the email that it answers.
 */
export function subjectOf(
  { subject, original_subject }: Subjects,
  values: ReadonlyMap<Commitment, string>,
): string | undefined {
  if (subject !== null) return values.get(subject);
  const original = values.get(original_subject ?? "");
  return original === undefined || /^re:/i.test(original) ? original : `Re: ${original}`;
}
