import type { Kind } from "./kind.ts";
import type { Commitment } from "./sealed.ts";

/** `data` of an `intent` record: what was asked for and what was decided, before anything was done. */
export type IntentData = {
  /** Id of the call, which the answer shows as `request_id`. */
  readonly call: string;
  readonly door: string;
  /** An action's name, or `invalid`. */
  readonly action: string;
  /** For an invalid request: what it tried to be. */
  readonly attempted: string | null;
  readonly effect: "allow" | "deny";
  /** MultiMail will hold it for a person. */
  readonly held: boolean;
  readonly findings: readonly {
    readonly rule: string;
    readonly effect: string;
    readonly message: string;
    readonly detail: string | null;
    /** `teams/finance.yaml:14` */
    readonly where: string | null;
    /** Indices into `recipients`. */
    readonly about: readonly number[];
  }[];
  readonly recipients: readonly {
    readonly field: string;
    readonly address: Commitment;
    /** Null when the text is no address. */
    readonly domain: string | null;
  }[];
  /** MultiMail's id of the mailbox that the call acts in. */
  readonly mailbox: string | null;
  /** MultiMail's id of the email or thread that the call is about. */
  readonly about: string | null;
  readonly subject: Commitment | null;
  /** Of a reply: the subject of the email that it answers, of which MultiMail makes its own. */
  readonly original_subject?: Commitment | null;
  readonly body: Commitment | null;
  /** In UTF-8 bytes. */
  readonly body_bytes: number;
  readonly attachments: readonly {
    readonly name: Commitment;
    readonly content_type: string;
    /** To its base64; of an email that was denied, to the base64 of its SHA-256. */
    readonly content: Commitment;
    /** Decoded. */
    readonly bytes: number;
  }[];
  readonly send_at: string | null;
  /** What MultiMail is given, now and whenever it is asked again. */
  readonly idempotency_key: string | null;
  /** What the caller gave, if anything. */
  readonly caller_key: Commitment | null;
  /** How many counters of limits count this email; absent in records of early versions, and where it is none. */
  readonly counted?: number;
};

/** An `intent`'s commitments, and what it means to others. */
export const INTENT: Kind = {
  commitments: [
    ["recipients", "address", ["address"]],
    [null, "subject", ["subject"]],
    [null, "original_subject", ["subject"]],
    [null, "body", ["body"]],
    ["attachments", "name", ["attachment_name"]],
    ["attachments", "content", ["attachment"]],
    [null, "caller_key", ["caller_key"]],
  ],
  opens: ({ effect, idempotency_key }) => effect === "allow" && typeof idempotency_key === "string",
};
