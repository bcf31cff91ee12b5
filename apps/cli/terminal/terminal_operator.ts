import { createInterface, type Interface } from "node:readline";

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

/** How to reach the person at the terminal. */
export interface TerminalOperatorOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  /** Whatever is asked to be confirmed is; then nothing is read but from a terminal. */
  readonly yes: boolean;
  /** Codes given beforehand. */
  readonly codes: readonly string[];
}

/** The person at the terminal, or whatever answers for them on standard input. */
export class TerminalOperator implements Operator {
  readonly #options: TerminalOperatorOptions;
  readonly #codes: string[];
  #lines: Interface | undefined;
  #answers: AsyncIterator<string> | undefined;
  #ended = false;

  constructor(options: TerminalOperatorOptions) {
    this.#options = options;
    this.#codes = [...options.codes];
  }

  get canAnswer(): boolean {
    return !this.#ended && (this.#options.input.isTTY === true || !this.#options.yes);
  }

  async confirm(question: string): Promise<boolean> {
    if (this.#options.yes) return true;
    return /^y(es)?$/i.test((await this.#ask(`${question} [y/N] `)) ?? "");
  }

  takeCode(): string | undefined {
    return this.#codes.shift();
  }

  async askCode(question: string): Promise<string | undefined> {
    return (await this.#ask(`${question}: `)) || undefined;
  }

  say(text: string): void {
    this.#options.output.write(`${text}\n`);
  }

  /** Lets go of the input, so that the process can end. */
  close(): void {
    this.#lines?.close();
  }

  async #ask(prompt: string): Promise<string | undefined> {
    if (!this.canAnswer) return undefined;
    this.#options.output.write(prompt);
    this.#lines ??= createInterface({ input: this.#options.input });
    // Through one iterator: it keeps lines that come before they are asked for.
    this.#answers ??= this.#lines[Symbol.asyncIterator]();
    const { value, done } = await this.#answers.next();
    this.#ended = done === true;
    if (this.#ended) this.#options.output.write("\n");
    return done ? undefined : value.trim();
  }
}
