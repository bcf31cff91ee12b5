import { isOnePerson, type StandIns } from "../policy/mod.ts";
import { type Account, isSameAccount, type WrittenFor } from "./account.ts";

/**
 * Why somebody must not decide on what an assistant wrote for a person: they are that person, or stand in for them.
 * Undefined: they may.
 */
export function ownInterest(
  person: Account,
  writtenFor: WrittenFor | undefined,
  standIns: StandIns,
): "self" | "deputy" | undefined {
  if (writtenFor === undefined) return undefined;
  const { address } = writtenFor;
  if (isSameAccount(person, writtenFor)) return "self";
  if (address === undefined) return undefined;
  if (isOnePerson(person.address, address)) return "self";
  return standIns.mayActFor(person.address, address) ? "deputy" : undefined;
}
