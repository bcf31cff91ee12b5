import type { Draft, Recipient } from "./action.ts";

/** The draft as it was asked for, without what a policy added. */
export function askedDraft(draft: Draft): Draft {
  if (draft.added === undefined) return draft;
  const { added, subject, markdown, ...rest } = draft;
  return {
    ...rest,
    subject: subject.slice(added.subject),
    markdown: markdown.slice(0, markdown.length - added.body),
  };
}

/** Whether somebody asked for this recipient, or wrote the email replied to: a copy that a policy gives is neither. */
export function isAskedFor({ composed }: Pick<Recipient, "composed">): boolean {
  return composed !== true;
}
