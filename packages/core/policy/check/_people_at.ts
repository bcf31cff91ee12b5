import { parseAddress } from "../../address/mod.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import type { StandIn } from "../stand_ins.ts";
import { parseNamed } from "../values/named.ts";
import type { Where } from "../where.ts";
import { entriesAt, type TextEntry, textsAt } from "./_entries_at.ts";

/** Where a team's file says who may decide on email. */
export const DECIDERS_AT: readonly string[] = [
  "approvers[]",
  "approval.by[]",
  "approval.classes[].by[]",
  "approval.escalate.to[]",
];

/** Canonical addresses of the people at a path, a role's in its place, nobody twice. What is no person is passed over. */
export function peopleAt(
  document: PolicyDocument,
  path: string,
  organisation: PolicyDocument | undefined,
): readonly string[] {
  return [...new Set(textsAt(document, path).flatMap((entry) => peopleOf(entry, organisation)))];
}

/** Whether a path has roles of which nobody knows who has them: what is said of them has a problem of its own. */
export function hasUnknownRole(
  document: PolicyDocument,
  path: string,
  organisation: PolicyDocument | undefined,
): boolean {
  return textsAt(document, path).some(
    (entry) => entry.value.startsWith("role:") && peopleOf(entry, organisation).length === 0,
  );
}

/** The people of one entry. */
export function peopleOf(
  { value }: Pick<TextEntry, "value">,
  organisation: PolicyDocument | undefined,
): readonly string[] {
  const role = parseNamed(value, "role");
  if (role === undefined) return keyOf(value);
  if (!role.ok || organisation === undefined) return [];
  return textsAt(organisation, `roles.${role.named.name}[]`).flatMap((entry) => keyOf(entry.value));
}

/** One of `delegates`, and who stands in for whom by it. */
export interface DelegateEntry {
  readonly from: TextEntry;
  readonly to: TextEntry;
  readonly where: Where;
  readonly pairs: readonly StandIn[];
}

/** The `delegates` of a file, as far as they can be read. */
export function delegatesAt(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly DelegateEntry[] {
  return entriesAt(document, "delegates[]").flatMap(({ path, where }) => {
    const [from] = textsAt(document, `${path}.from`);
    const [to] = textsAt(document, `${path}.to`);
    if (from === undefined || to === undefined) return [];
    const deputies = peopleOf(to, organisation);
    const pairs = peopleOf(from, organisation).flatMap((one) =>
      deputies.filter((other) => other !== one).map((other) => ({ from: one, to: other })),
    );
    return [{ from, to, where, pairs }];
  });
}

function keyOf(text: string): readonly string[] {
  const parsed = parseAddress(text);
  return parsed.ok ? [parsed.address.key] : [];
}
