import { InvalidArgumentError } from "commander";

const MAX_TEXT = 1_000;

/** Text that a person gives for the record: why something is done, or who does it. */
export function parseReason(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== "" && trimmed.length <= MAX_TEXT) return trimmed;
  throw new InvalidArgumentError(`A text of 1 to ${MAX_TEXT} characters is needed`);
}
