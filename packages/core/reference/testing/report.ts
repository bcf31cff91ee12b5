import fc from "fast-check";
import type { PolicyFile } from "../../policy/mod.ts";
import type { PolicyCase } from "./arbitrary_case.ts";

/** The files as one text. */
export function textOf(files: readonly PolicyFile[]): string {
  return files.map(({ name, bytes }) => `# ${name}\n${new TextDecoder().decode(bytes)}`).join("");
}

/** A counterexample as people read it: the policies, the action and the context. */
export function report(
  files: readonly PolicyFile[],
  { action, context }: Pick<PolicyCase, "action" | "context">,
): string {
  return `\n${textOf(files)}\n# action\n${show(action)}\n# context\n${show(context)}\n`;
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Set ? [...inner] : inner), 2);
}

/** Where a run starts, and how many values it tries. */
interface CheckOptions {
  readonly seed: number;
  readonly numRuns: number;
}

/** Runs a property; fails with what the smallest counterexample said, and with the seed and path that lead to it again. */
export function check<T>(property: fc.IProperty<T>, { seed, numRuns }: CheckOptions): void {
  const { failed, counterexamplePath, errorInstance } = fc.check(property, { seed, numRuns });
  if (!failed) return;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`Counterexample (seed ${seed}, path "${counterexamplePath}"):\n${message}`);
}
