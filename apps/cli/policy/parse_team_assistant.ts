import { InvalidArgumentError } from "commander";

/**
 * Takes a command's `team/assistant` as it is.
 *
 * @throws {InvalidArgumentError} when it has another form
 */
export function parseTeamAssistant(text: string): string {
  if (!/^[^/\s]+\/[^/\s]+$/.test(text)) {
    throw new InvalidArgumentError(
      "A team and one of its assistants are needed, like finance/invoice-chaser",
    );
  }
  return text;
}
