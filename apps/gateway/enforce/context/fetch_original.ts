import { parseAddress } from "@countersign/core/address";
import type { OriginalEmail } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { MultiMailError, type MultiMailErrorCode } from "@countersign/multimail";
import type { World } from "../world.ts";
import { mailboxEmail } from "./mailbox_email.ts";

/** The email that a reply answers, as far as MultiMail showed it. */
export interface FetchedOriginal {
  readonly original: OriginalEmail;
  /** Why it was not shown, when it may well be shown later. */
  readonly unshown?: MultiMailError;
}

/** Failures that say of this very email that it cannot be had: every other one is MultiMail's, and passes. */
const FINAL: ReadonlySet<MultiMailErrorCode> = new Set(["not_found", "rejected", "too_large"]);

/** What stands in To when everybody was in Bcc (RFC 5322, A.1.3): it names nobody. */
const EMPTY_GROUP = /^ *[A-Za-z -]{1,60}: *; *$/;

/** The email that a reply answers, with everybody whom the reply may reach. */
export async function fetchOriginal(
  policy: TeamPolicy,
  emailId: string,
  world: Pick<World, "clientFor" | "trail">,
): Promise<FetchedOriginal> {
  try {
    const email = await world.clientFor(policy).getEmail(policy.mailbox.id, emailId);
    const { from, to, cc, subject } = email;
    // The sender stays the first.
    const participants = [from, ...[...to, ...cc].filter((text) => !EMPTY_GROUP.test(text))].map((text) => ({
      text,
      parsed: parseAddress(text),
    }));
    return { original: { ok: true, participants, subject, ...(await mailboxEmail(email, world)) } };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    if (error.code === "not_found")
      return { original: { ok: false, message: "this mailbox has no such email" } };
    if (FINAL.has(error.code)) return { original: { ok: false, message: "MultiMail does not show it" } };
    return { original: { ok: false, message: "MultiMail did not show it now" }, unshown: error };
  }
}
