import type { IntentData } from "./intent.ts";
import type { Kind } from "./kind.ts";
import type { Commitment } from "./sealed.ts";
import { COUNT, FLAG, listOf, maybe, objectOf, TEXT } from "./shape.ts";

/** `data` of an `approval` record: a person decided in the console on an email that waits. */
export type ApprovalData = {
  /** `ask_for_changes` rejects at MultiMail too: the assistant may write it anew. */
  readonly decision: "approve" | "reject" | "ask_for_changes";
  /** MultiMail's id of the email. */
  readonly email: string;
  /** MultiMail's id of its mailbox. */
  readonly mailbox: string;
  /** Who decided: a canonical address. */
  readonly by: Commitment;
  /** Who that is at the issuer that signed them in: a JSON list of issuer and subject. */
  readonly identity: Commitment;
  /** In whose place a delegate decided: a canonical address; null: in nobody's. */
  readonly stands_for: Commitment | null;
  /** How they had signed in. */
  readonly auth: "oidc" | "link";
  /** SHA-256 of what was shown to them, canonical (RFC 8785) and hexadecimal: of the email's content, … */
  readonly content: string;
  /** … and of what it was judged to be, and what was required of whom. */
  readonly judgement: string;
  /** What was required of it when they decided: how many people of all (`class` null), and of each class that it fits. */
  readonly required: readonly { readonly class: string | null; readonly needed: number }[];
  /** What the rules had found. */
  readonly findings: IntentData["findings"];
  /** What it counts for: the requirement's place in the policy, the how many-th it is of how many needed. */
  readonly counts: readonly {
    readonly where: string | null;
    readonly number: number;
    readonly needed: number;
  }[];
  /** Nothing more is required: from here on MultiMail is told. */
  readonly completes: boolean;
  /** MultiMail is told from then on, since the policy lets nothing leave before; ISO 8601. Null: at once. */
  readonly due: string | null;
  readonly reason: Commitment | null;
  /** It is a received email, which no assistant sees before. Absent: it is one that an assistant wrote. */
  readonly incoming?: true;
  /** By which key of the console it is signed: `<name>+<key id>`. */
  readonly key: string;
  /** Ed25519 over `approvalText`; base64. */
  readonly signature: string;
};

/** An `approval`'s words for people and commitments, and what it means to others. */
export const APPROVAL: Kind<ApprovalData> = {
  words: ({ decision, counts, completes, due, auth, incoming }) => {
    const many = counts.map(({ number, needed }) => `${number} of ${needed}`).join(", ");
    const how = auth === "link" ? " (signed in by a link)" : "";
    const kept = completes && due !== null ? `, kept until ${due}` : "";
    return `approval ${incoming ? "of incoming email: " : ""}${decision.replaceAll("_", " ")}${many === "" ? "" : ` ${many}`}${kept}${how}`;
  },
  shown: "members",
  shape: objectOf({
    ...{ decision: TEXT, email: TEXT, mailbox: TEXT, auth: TEXT, content: TEXT, judgement: TEXT },
    required: listOf(objectOf({ class: maybe(TEXT), needed: COUNT })),
    findings: listOf(objectOf({ rule: TEXT })),
    counts: listOf(objectOf({ where: maybe(TEXT), number: COUNT, needed: COUNT })),
    ...{ completes: FLAG, due: maybe(TEXT), key: TEXT, signature: TEXT },
    incoming: maybe(FLAG),
  }),
  shared: false,
  commitments: [
    [null, "by", ["address"]],
    [null, "identity", ["text"]],
    [null, "stands_for", ["address"]],
    [null, "reason", ["text"]],
  ],
  person: "by",
};
