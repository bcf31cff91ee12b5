/** The person who applies a plan. */
export interface Operator {
  /** Whether there is anybody to ask. */
  readonly canAnswer: boolean;
  /** Asks whether to go on; nobody to ask means no. */
  confirm(question: string): Promise<boolean>;
  /** A code that was given beforehand and not taken yet. */
  takeCode(): string | undefined;
  /** Asks for a code from MultiMail's email; undefined: later. */
  askCode(question: string): Promise<string | undefined>;
  /** Tells something, in lines. */
  say(text: string): void;
}
