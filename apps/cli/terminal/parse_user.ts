import { parseAddress } from "@countersign/core/address";
import { InvalidArgumentError } from "commander";

/**
 * Takes the address of somebody who signs in to an assistant.
 *
 * @throws {InvalidArgumentError} when it is none
 */
export function parseUser(text: string): string {
  if (parseAddress(text).ok) return text.trim();
  throw new InvalidArgumentError("An address is needed, like jane@acme.example");
}
