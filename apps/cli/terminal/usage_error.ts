/** A command line that cannot be understood. The message is one line: what is wrong, and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
}
