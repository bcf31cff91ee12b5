import type { TeamPolicy } from "../policy/mod.ts";

/** How far back `overlap` looks at recent email, in milliseconds; undefined: it does not. */
export function overlapWindow({ overlap }: Pick<TeamPolicy, "overlap">): number | undefined {
  return overlap === undefined || overlap.action === "allow" ? undefined : overlap.windowMs;
}

/** How far back `after_outside_mail` asks whether mail from outside was read, in milliseconds; undefined: it does not. */
export function outsideWindow({
  afterOutsideMail: rule,
}: Pick<TeamPolicy, "afterOutsideMail">): number | undefined {
  return rule === undefined || rule.newExternal === "allow" ? undefined : rule.windowMs;
}

/** Whether `first_contact` asks whom the team knows. */
export function wantsContacts({ firstContact }: Pick<TeamPolicy, "firstContact">): boolean {
  return firstContact !== "allow";
}
