import type { EmailAction, Recipient, RecipientField } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { Context } from "@countersign/core/decision";
import { askerCommitments, type Commitment, type IntentData, openAsker } from "@countersign/trail";

const FIELDS: readonly string[] = ["to", "cc", "bcc"] satisfies RecipientField[];

/**
 * The email that an intent let leave, rebuilt from its record and the values beside it: composed as it was then, and as
 * such never composed again. Undefined when a value was erased: what nobody knows any more cannot be sent again.
 */
export function actionOfIntent(
  data: IntentData,
  values: ReadonlyMap<Commitment, string>,
): EmailAction | undefined {
  const markdown = data.body === null ? undefined : values.get(data.body);
  const subject = data.subject === null ? "" : values.get(data.subject);
  const recipients = data.recipients.flatMap(({ field, address, composed }): (Recipient | undefined)[] => {
    if (!isField(field)) return [];
    const text = values.get(address);
    return [
      text === undefined
        ? undefined
        : { field, text, parsed: parseAddress(text), ...(composed && { composed }) },
    ];
  });
  const attachments = data.attachments.map(({ name, content, content_type }) => ({
    name: values.get(name),
    contentType: content_type,
    contentBase64: values.get(content),
  }));
  if (markdown === undefined || subject === undefined) return undefined;
  if (!recipients.every(isKnown) || !attachments.every(isWhole)) return undefined;
  const { added = { subject: 0, body: 0 } } = data;
  const sendAt = data.send_at === null ? {} : { sendAt: data.send_at };
  const draft = { subject, markdown, attachments, added, ...sendAt };
  if (data.action === "reply") {
    return data.about === null ? undefined : { name: "reply", emailId: data.about, recipients, draft };
  }
  return { name: data.action === "report" ? "report" : "send", recipients, draft };
}

/**
 * Who asked for an intent's email, and whether the assistant's key came with it. Without a person: nobody signed in, or they
 * were erased.
 */
export function askerOfIntent(
  { person, unproven }: IntentData,
  values: ReadonlyMap<Commitment, string>,
): Pick<Context, "person" | "isProven"> {
  const asker = openAsker(person, values);
  const parsed = asker?.address === undefined ? undefined : parseAddress(asker.address);
  return {
    isProven: unproven !== true,
    ...(asker !== undefined && {
      person: {
        ...{ issuer: asker.issuer, subject: asker.subject, claims: asker.claims ?? [] },
        ...(parsed?.ok && { address: parsed.address }),
      },
    }),
  };
}

/** The commitments of an email intent: what `actionOfIntent`, `askerOfIntent` and `claimsOfIntent` need the values of. */
export function commitmentsOf(data: IntentData): readonly Commitment[] {
  return [
    ...askerCommitments(data.person),
    ...data.recipients.map(({ address }) => address),
    ...data.attachments.flatMap(({ name, content }) => [name, content]),
    ...[data.subject, data.body, data.caller_key].filter((commitment) => commitment !== null),
  ];
}

function isField(field: string): field is RecipientField {
  return FIELDS.includes(field);
}

function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function isWhole<T extends { name: string | undefined; contentBase64: string | undefined }>(
  attachment: T,
): attachment is T & { name: string; contentBase64: string } {
  return attachment.name !== undefined && attachment.contentBase64 !== undefined;
}
