import type { Decision } from "../decision/mod.ts";

/** What of a decision somebody notices who is not told why. */
export type Rank =
  /** It leaves, or is held, where it was denied. */
  | "allowed"
  /** It leaves without a person. */
  | "unheld"
  /** Fewer people, or others, must approve. */
  | "approval"
  /** It leaves earlier than at the time for which it was scheduled. */
  | "earlier"
  /** What the person is to look at is not pointed out. */
  | "unseen";

/** In which ways the second decision lets more through than the first; the other way round, in which ways it lets less. */
export function looserIn(first: Decision, second: Decision): readonly Rank[] {
  if (second.effect === "deny") return [];
  if (first.effect === "deny") return ["allowed"];
  const ranks: Rank[] = [];
  if (first.held && !second.held) ranks.push("unheld");
  if (first.held && second.held && isApprovalLooser(first, second)) ranks.push("approval");
  if (leavesAt(second) < leavesAt(first)) ranks.push("earlier");
  const flags = flagsOf(second);
  if (first.held && second.held && [...flagsOf(first)].some((rule) => !flags.has(rule))) ranks.push("unseen");
  return ranks;
}

/** Some approval is asked for of which nothing that the second asks for is enough. */
function isApprovalLooser(first: Decision, second: Decision): boolean {
  return (first.requirements ?? []).some(
    ({ needed, by }) =>
      !(second.requirements ?? []).some((other) => {
        const people = new Set(by.map(({ address }) => address));
        return other.needed >= needed && other.by.every(({ address }) => people.has(address));
      }),
  );
}

function leavesAt({ sendAt }: Decision): number {
  return sendAt === undefined ? 0 : Date.parse(sendAt);
}

function flagsOf({ findings }: Decision): ReadonlySet<string> {
  return new Set(findings.filter(({ effect }) => effect === "flag").map(({ rule }) => rule));
}
