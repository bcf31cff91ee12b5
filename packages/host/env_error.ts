/** Environment variables have values that cannot be used. The message names each, and what is wanted. */
export class EnvError extends Error {
  override readonly name = "EnvError";
  readonly code = "invalid_environment";
  /** One sentence a variable; free of secrets. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot use the environment:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
