import { z } from "zod";
import { printable } from "../terminal/printable.ts";
import { requireSession, type ShellSession } from "./shell_session.ts";

/** Reading an email again may take as long as MultiMail does. */
const TIMEOUT_MS = 60_000;

/** What is asked of the console. */
export interface ConsoleQuestion<T> {
  /** Below `/api/`: `pending?team=sales`. */
  readonly path: string;
  /** Sent as a form; absent: it is only asked. */
  readonly form?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<T>;
  /** Absent: whoever signs in is not known yet. */
  readonly token?: string;
}

const refusal = z.object({ error: z.string() });

/**
 * Asks the console at an address.
 *
 * @throws {Error} with the console's own sentence, or that says why it cannot be asked
 */
export async function askConsoleAt<T>(console: string, question: ConsoleQuestion<T>): Promise<T> {
  const { path, form, schema, token } = question;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${console}/api/${path}`, {
      method: form === undefined ? "GET" : "POST",
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      headers: {
        // A form of no page: the console takes it of shells that sign in, and by their secret.
        "X-Countersign-Shell": "1",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    throw new Error(`Cannot reach the console at ${printable(console)}: ${reasonOf(error)}`);
  }
  const answer = jsonOf(text);
  if (!response.ok) {
    const refused = refusal.safeParse(answer);
    throw new Error(
      refused.success
        ? printable(refused.data.error)
        : `Cannot use the console at ${printable(console)}: it answered ${response.status}`,
    );
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success)
    throw new Error(`Cannot use the console at ${printable(console)}: its answer is not as it must be`);
  return parsed.data;
}

/**
 * Asks the console as who is signed in.
 *
 * @throws {Error} as `askConsoleAt`, and when nobody is signed in
 */
export async function askConsole<T>(question: Omit<ConsoleQuestion<T>, "token">): Promise<T> {
  const { console, token }: ShellSession = await requireSession();
  return askConsoleAt(console, { ...question, token });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS / 1_000} s`;
  const { cause } = error;
  return printable(cause instanceof Error ? cause.message || cause.name : error.message);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
