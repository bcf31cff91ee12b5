import type { Property } from "../tool.ts";

/** Addresses, as every email takes them. */
export function addresses(description: string): Property {
  return { type: "array", description, items: { type: "string" }, maxItems: 50 };
}

type ContentName = "body" | "cc" | "bcc" | "attachments" | "idempotency_key";

/** Arguments that a new email and a reply share. */
export const CONTENT: Readonly<Record<ContentName, Property>> = {
  body: { type: "string", description: "The text, in markdown.", minLength: 1, maxLength: 262_144 },
  cc: addresses("Who gets a copy, seen by everybody: one address each."),
  bcc: addresses("Who gets a copy, unseen by the others: one address each."),
  attachments: {
    type: "array",
    description: "Files to go with it, if the policy allows them.",
    maxItems: 20,
    items: {
      type: "object",
      properties: {
        name: {
          type: "string",
          description: "File name with the extension of its type, such as figures.csv.",
        },
        content_type: { type: "string", description: "Media type, such as text/csv." },
        content_base64: { type: "string", description: "The content in standard base64." },
      },
      required: ["name", "content_type", "content_base64"],
      additionalProperties: false,
    },
  },
  idempotency_key: {
    type: "string",
    description:
      "Leave it out. Only when the user wants the same email sent once more: any new text, which says that it is meant.",
    maxLength: 200,
  },
};

/** What names an email. */
export const EMAIL_ID: Property = {
  type: "string",
  description: "The email_id, from check_inbox or get_thread.",
  maxLength: 200,
};

/** What names a call. */
export const RECEIPT: Property = {
  type: "string",
  description: "The receipt from an earlier answer: rcp_…",
  maxLength: 100,
};
