import type { WaitingEmail } from "../waiting/waiting_emails.ts";

/** Puts email that says much the same to the same people one after the other; each group where its oldest was. */
export interface Grouped {
  readonly emails: readonly WaitingEmail[];
  /** By receipt: its group, which is the same list for all in it. Absent: it is alone. */
  readonly groups: ReadonlyMap<string, readonly WaitingEmail[]>;
}

/** Groups email by what the rule `overlap` found when each was asked for; the order within groups and of groups stays. */
export function groupOverlapping(emails: readonly WaitingEmail[]): Grouped {
  const known = new Map(emails.map(({ receipt }, index) => [receipt, index]));
  /** Of each email that is not alone, the places of its group. */
  const places = new Map<number, number[]>();
  for (const [place, { overlaps }] of emails.entries())
    for (const other of overlaps) {
      const there = known.get(other);
      if (there !== undefined && there !== place) join(places, place, there);
    }
  const inOrder: WaitingEmail[] = [];
  const groups = new Map<string, readonly WaitingEmail[]>();
  for (const [place, email] of emails.entries()) {
    const group = places.get(place);
    if (group === undefined) inOrder.push(email);
    // The first of a group stands for all of it.
    else if (!groups.has(email.receipt)) {
      const together = group.sort((a, b) => a - b).flatMap((index) => emails[index] ?? []);
      for (const one of together) inOrder.push(one);
      for (const { receipt } of together) groups.set(receipt, together);
    }
  }
  return { emails: inOrder, groups };
}

/** Makes one group of those of two emails; the smaller one goes into the larger one. */
function join(groups: Map<number, number[]>, ...[a, b]: readonly [number, number]): void {
  const [mine, theirs] = [groups.get(a) ?? [a], groups.get(b) ?? [b]];
  groups.set(a, mine);
  groups.set(b, theirs);
  if (mine === theirs) return;
  const [into, from] = mine.length >= theirs.length ? [mine, theirs] : [theirs, mine];
  for (const place of from) {
    into.push(place);
    groups.set(place, into);
  }
}
