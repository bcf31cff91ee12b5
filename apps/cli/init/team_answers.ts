/** What a first team file is made from, as it was typed; lists have commas. */
export interface TeamAnswers {
  readonly team: string;
  readonly description: string;
  /** At MultiMail. */
  readonly mailboxId: string;
  readonly mailboxAddress: string;
  readonly oversight: string;
  readonly approvers: string;
  readonly assistants: string;
  /** Domains of our own people. */
  readonly internal: string;
}
