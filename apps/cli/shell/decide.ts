import { z } from "zod";
import { printable } from "../terminal/printable.ts";
import { askConsole } from "./ask_console.ts";

/** What is decided on an email. */
export interface ShellDecision {
  readonly receipt: string;
  readonly verdict: "approve" | "reject" | "changes";
  /** Digests of what was shown: an approval needs them. */
  readonly shown?: string;
  readonly reason?: string;
}

const schema = z.object({
  receipt: z.string(),
  result: z.string(),
  verdict: z.string().optional(),
  progress: z.string().optional(),
  message: z.string(),
});

/**
 * Sends a decision to the console, tells what became of it, and sets the exit code: 0 when it is on record.
 *
 * @throws {Error} when the console cannot be asked, or refuses to answer
 */
export async function decide(
  { receipt, ...form }: ShellDecision,
  { json = false }: { readonly json?: boolean | undefined } = {},
): Promise<void> {
  const path = `pending/${encodeURIComponent(receipt)}`;
  const answer = await askConsole({ path, form, schema });
  const isDecided = answer.result === "decided";
  if (json) console.log(JSON.stringify(answer));
  else (isDecided ? console.log : console.error)(printable(answer.message));
  process.exitCode = isDecided ? 0 : 1;
}
