import type { PolicyFile } from "../policy/mod.ts";
import type { PolicyCase } from "./_arbitrary_case.ts";

/** The files as one text. */
export function textOf(files: readonly PolicyFile[]): string {
  return files.map(({ name, bytes }) => `# ${name}\n${new TextDecoder().decode(bytes)}`).join("");
}

/** A counterexample as people read it: the policies, the action and the context. */
export function report(files: readonly PolicyFile[], { action, context }: PolicyCase): string {
  return `\n${textOf(files)}\n# action\n${show(action)}\n# context\n${show(context)}\n`;
}

function show(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Set ? [...inner] : inner), 2);
}
