import type { Commitment } from "../record/sealed.ts";

/** What a trail keeps of a person. */
export interface PersonValues {
  /** The person's address, in every form of it. */
  readonly addresses: readonly Commitment[];
  /** Subject, body, file names and attachments of the emails that name the person as recipient. */
  readonly contents: readonly Commitment[];
  /** Texts that name the person, and what was said about those emails. */
  readonly texts: readonly Commitment[];
  /** Subjects, bodies and file names of emails to others that name the person. */
  readonly mentions: readonly Commitment[];
  /** How many emails name the person as recipient. */
  readonly emails: number;
  /** Receipts of those among them that are not settled, or that are still watched: their content is needed. */
  readonly unsettled: readonly string[];
  /** Names of policy files on record, of any time, that name the person. They are part of the record and stay. */
  readonly policyFiles: readonly string[];
}
