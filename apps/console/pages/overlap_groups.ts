import type { WaitingEmail } from "../waiting/waiting_emails.ts";

/** Puts email that says much the same to the same people one after the other; each group where its oldest was. */
export interface Grouped {
  readonly emails: readonly WaitingEmail[];
  /** By receipt: the others of its group that wait too. Absent: it is alone. */
  readonly others: ReadonlyMap<string, readonly string[]>;
}

/** Groups email by what the rule `overlap` found when each was asked for; the order within groups and of groups stays. */
export function groupOverlapping(emails: readonly WaitingEmail[]): Grouped {
  const groups = new Map<string, WaitingEmail[]>(emails.map((email) => [email.receipt, [email]]));
  for (const { receipt, data } of emails)
    for (const other of overlapsOf(data)) {
      const [mine, theirs] = [groups.get(receipt), groups.get(other)];
      if (mine === undefined || theirs === undefined || mine === theirs) continue;
      const [into, from] = mine.length >= theirs.length ? [mine, theirs] : [theirs, mine];
      for (const email of from) {
        into.push(email);
        groups.set(email.receipt, into);
      }
    }
  const places = new Map(emails.map(({ receipt }, index) => [receipt, index]));
  const placeOf = ({ receipt }: WaitingEmail): number => places.get(receipt) ?? 0;
  const inOrder: WaitingEmail[] = [];
  const others = new Map<string, readonly string[]>();
  const seen = new Set<readonly WaitingEmail[]>();
  for (const { receipt } of emails) {
    const group = groups.get(receipt) ?? [];
    if (seen.has(group)) continue;
    seen.add(group);
    if (group.length > 1) group.sort((a, b) => placeOf(a) - placeOf(b));
    inOrder.push(...group);
    if (group.length > 1)
      for (const one of group)
        others.set(
          one.receipt,
          group.flatMap((other) => (other === one ? [] : [other.receipt])),
        );
  }
  return { emails: inOrder, others };
}

/** Receipts of email that an intent's email overlaps with. */
export function overlapsOf({ findings }: Pick<WaitingEmail["data"], "findings">): readonly string[] {
  return findings.flatMap(({ rule, detail }) => {
    const [, receipt] = (rule === "overlap" && /^Receipt (\S+?)(?:,| of team )/.exec(detail ?? "")) || [];
    return receipt === undefined ? [] : [receipt];
  });
}
