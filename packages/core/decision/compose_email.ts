import { type EmailAction, hidesWhatFollows, type Recipient } from "../action/mod.ts";
import type { ComposedCopy, TeamPolicy } from "../policy/mod.ts";
import type { OriginalEmail } from "./context.ts";

/**
 * The email with what its policy's `compose` adds: as such it is judged, recorded, sent and read back. A prefix that the
 * subject has, a footer that the body ends in, and a copy to somebody who gets the email anyway are not added. One that is
 * composed stays as it is, whatever the policy says by now.
 *
 * @param original for a reply: the email replied to, whose people get the reply anyway
 */
export function composeEmail(
  { compose }: Pick<TeamPolicy, "compose">,
  action: EmailAction,
  original: OriginalEmail | undefined,
): EmailAction {
  const { draft, recipients } = action;
  if (compose === undefined || draft.added !== undefined) return action;
  const prefix = action.name === "reply" ? "" : missingPrefix(draft.subject, compose.subjectPrefix?.value);
  const footer = missingFooters(
    draft.markdown,
    compose.footers.map(({ value }) => value),
  );
  const participants = action.name === "reply" && original?.ok ? original.participants : [];
  const reached = new Set(
    [...participants, ...recipients].flatMap(({ parsed }) => (parsed.ok ? [parsed.address.key] : [])),
  );
  const copies = compose.copies.filter(({ address }) => !reached.has(address.key)).map(toRecipient);
  return {
    ...action,
    recipients: [...recipients, ...copies],
    draft: {
      ...draft,
      subject: prefix + draft.subject,
      markdown: draft.markdown + footer,
      added: { subject: prefix.length, body: footer.length },
    },
  };
}

function toRecipient({ field, address }: ComposedCopy): Recipient {
  return { field, text: address.address, parsed: { ok: true, address }, composed: true };
}

/** What mail programs put before a subject that they answer or forward. */
const ANSWERS = /^(?:(?:re|fwd?|aw|wg|tr|sv|rv|vs|antw)(?:\[\d+\])?:\s*)+/;

/** The prefix, or nothing where the subject begins with it: whatever case, spaces and "Re:" it has. */
function missingPrefix(subject: string, prefix = ""): string {
  const wanted = plain(prefix);
  const begins = plain(subject).replace(ANSWERS, "");
  const next = begins.slice(wanted.length).slice(0, 1);
  // "HR" is not what "HRIS" begins with.
  const isWhole = !/[\p{L}\p{N}]$/u.test(wanted) || !/^[\p{L}\p{N}]/u.test(next);
  return begins.startsWith(wanted) && isWhole ? "" : prefix;
}

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Those of the footers that the body does not end in, each a paragraph of its own. */
function missingFooters(markdown: string, footers: readonly string[]): string {
  let rest = lines(markdown);
  const missing = new Map(footers.map((footer) => [lines(footer), footer]));
  // What a reader may not see is not there.
  for (let found = !hidesWhatFollows(markdown); found; ) {
    found = false;
    for (const footer of missing.keys()) {
      const before = rest.slice(0, rest.length - footer.length);
      if (!rest.endsWith(footer) || (before !== "" && !before.endsWith("\n\n"))) continue;
      rest = before.trimEnd();
      missing.delete(footer);
      found = true;
    }
  }
  return [...missing.values()].map((footer) => `\n\n${footer}`).join("");
}

/** Line ends, and spaces before them, are alike. */
function lines(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+$/gm, "")
    .trimEnd();
}
