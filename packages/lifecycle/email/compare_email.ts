import { parseAddress } from "@countersign/core/address";
import type { MailboxPolicy } from "@countersign/core/policy";
import type { Email, EmailAttachment } from "@countersign/multimail";
import type { Commitment, IntentData } from "@countersign/trail";

/** What was authorised: the intent, the values behind its commitments, and the mailbox it left from. */
export interface AuthorisedEmail {
  readonly intent: IntentData;
  /** What was erased is absent. */
  readonly values: ReadonlyMap<Commitment, string>;
  readonly mailbox: MailboxPolicy;
}

/** How an email at MultiMail compares with what was authorised, by names of fields; never with values. */
export interface EmailComparison {
  readonly differences: readonly string[];
  /** What MultiMail does not show, or what was erased here. */
  readonly unchecked: readonly string[];
}

/** The commitments whose values `compareEmail` wants; not those of files, which MultiMail does not show with an email. */
export function comparedCommitments({
  recipients,
  subject,
  body,
  attachments,
}: IntentData): readonly Commitment[] {
  return [
    ...recipients.map(({ address }) => address),
    ...attachments.map(({ name }) => name),
    ...[subject, body].filter((commitment) => commitment !== null),
  ];
}

type Likeness = "same" | "different" | "unknown";

/** MultiMail adds its AI disclosure and the mailbox's signature (at most 200 characters): more than that is no footer. */
const MAX_FOOTER = 1_000;

/**
 * Compares an email as MultiMail holds it with what was authorised.
 *
 * Recipients are compared as canonical addresses; the mailbox's declared automatic copies may be there. Of a reply
 * MultiMail makes To and subject: nobody may be in it who was not judged, and everybody must who was asked for. The body
 * must begin with the authorised text, whole lines of it, after line ends, spaces at line ends, runs of blanks and of
 * empty lines were made alike; below it a footer may follow. What MultiMail leaves empty is taken for not shown: a list
 * of nobody reaches nobody who was not authorised.
 */
export function compareEmail(authorised: AuthorisedEmail, email: Email): EmailComparison {
  const likenesses: Readonly<Record<string, Likeness>> = {
    ...compareRecipients(authorised, email),
    subject: compareSubject(authorised, email),
    body: compareBody(authorised, email),
    attachments: compareAttachments(authorised, email),
  };
  const named = (wanted: Likeness) => Object.keys(likenesses).filter((name) => likenesses[name] === wanted);
  return { differences: named("different"), unchecked: named("unknown") };
}

function compareRecipients(authorised: AuthorisedEmail, { to, cc }: Email): Record<"to" | "cc", Likeness> {
  const { intent, mailbox } = authorised;
  const [wantedTo, wantedCc, everybody] = [["to"], ["cc"], ["to", "cc", "bcc", "participant"]].map((fields) =>
    keysOf(authorised, fields),
  );
  if (wantedTo === undefined || wantedCc === undefined || everybody === undefined) {
    return { to: "unknown", cc: "unknown" };
  }
  const copies = [mailbox.autoCc, mailbox.autoBcc].flatMap((copy) =>
    copy === undefined ? [] : [keyOf(copy)],
  );
  if (intent.action === "reply") {
    const known = new Set([...everybody, ...copies, keyOf(mailbox.address)]);
    return { to: compareKeys(to, new Set(), known), cc: compareKeys(cc, wantedCc, known) };
  }
  return {
    to: compareKeys(to, wantedTo, wantedTo),
    cc: compareKeys(cc, wantedCc, new Set([...wantedCc, ...copies])),
  };
}

/** Everybody in `wanted` must be shown, and nobody who is not in `permitted`. */
function compareKeys(
  shown: readonly string[],
  wanted: ReadonlySet<string>,
  permitted: ReadonlySet<string>,
): Likeness {
  const keys = new Set(shown.map(keyOf));
  if (keys.size === 0) return wanted.size === 0 ? "same" : "unknown";
  const isSame = [...keys].every((key) => permitted.has(key)) && [...wanted].every((key) => keys.has(key));
  return isSame ? "same" : "different";
}

/** Canonical addresses of the intent's recipients in these fields; undefined when one was erased. */
function keysOf(
  { intent, values }: AuthorisedEmail,
  fields: readonly string[],
): ReadonlySet<string> | undefined {
  const texts = intent.recipients
    .filter(({ field }) => fields.includes(field))
    .map(({ address }) => values.get(address));
  return texts.every((text) => text !== undefined) ? new Set(texts.map(keyOf)) : undefined;
}

function keyOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text.toLowerCase();
}

function compareSubject({ intent, values }: AuthorisedEmail, { subject }: Email): Likeness {
  if (intent.subject === null) return "same";
  const wanted = values.get(intent.subject);
  if (wanted === undefined) return "unknown";
  if (wanted === subject) return "same";
  const [a, b] = [wanted, subject].map((text) => text.normalize("NFC").replace(/\s+/g, " ").trim());
  if (a === b) return "same";
  return b === "" ? "unknown" : "different";
}

function compareBody({ intent, values }: AuthorisedEmail, { markdown }: Email): Likeness {
  const wanted = intent.body === null ? undefined : values.get(intent.body);
  if (wanted === undefined) return "unknown";
  if (wanted === markdown) return "same";
  const [a = "", b = ""] = [wanted, markdown].map(normaliseText);
  if (a === b) return "same";
  if (b === "") return "unknown";
  // Whole lines: "Pay 100" is not the beginning of "Pay 1000", nor of "Pay 100 000".
  return b.startsWith(a === "" ? "" : `${a}\n`) && b.length - a.length <= MAX_FOOTER ? "same" : "different";
}

function normaliseText(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[\t\u00a0 ]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{2,}/g, "\n\n")
    .trim();
}

function compareAttachments({ intent, values }: AuthorisedEmail, email: Email): Likeness {
  const wanted = intent.attachments.map((attachment) => ({
    ...attachment,
    name: values.get(attachment.name),
  }));
  const left = [...email.attachments];
  if (left.length === 0 && wanted.length > 0) return email.hasAttachments === false ? "different" : "unknown";
  if (left.length !== wanted.length) return "different";
  if (wanted.some(({ name }) => name === undefined)) return "unknown";
  for (const attachment of wanted) {
    const index = left.findIndex((shown) => isSameFile(attachment, shown));
    if (index === -1) return "different";
    left.splice(index, 1);
  }
  return "same";
}

function isSameFile(
  wanted: { readonly name: string | undefined; readonly content_type: string; readonly bytes: number },
  { name, size, contentType }: EmailAttachment,
): boolean {
  // Whether MultiMail counts the bytes or their base64 is not documented.
  const sizes = [wanted.bytes, 4 * Math.ceil(wanted.bytes / 3)];
  return (
    name.normalize("NFC") === wanted.name?.normalize("NFC") &&
    (size === undefined || sizes.includes(size)) &&
    (contentType === undefined || bareType(contentType) === bareType(wanted.content_type))
  );
}

function bareType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
