import { parseAddress } from "@countersign/core/address";
import type { OriginalEmail } from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { MultiMailError } from "@countersign/multimail";
import type { World } from "../world.ts";

/** The email that a reply answers, with everybody whom the reply may reach. */
export async function fetchOriginal(
  policy: TeamPolicy,
  emailId: string,
  { clientFor }: Pick<World, "clientFor">,
): Promise<OriginalEmail> {
  try {
    const email = await clientFor(policy).getEmail(policy.mailbox.id, emailId);
    return {
      ok: true,
      participants: [email.from, ...email.to, ...email.cc].map((text) => ({
        text,
        parsed: parseAddress(text),
      })),
      status: email.status,
      subject: email.subject,
    };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const message =
      error.code === "not_found" ? "this mailbox has no such email" : "MultiMail did not show it";
    return { ok: false, message };
  }
}
