import type { Decided } from "../deciding/decide_email.ts";

type Words = Readonly<Record<"title" | "more", string>>;

/** What became of a decision, for a person at a terminal. */
export function decidedWords(decided: Decided): string {
  switch (decided.kind) {
    case "decided":
      return progressWords(decided);
    case "refused":
      return `Nothing was decided: ${decided.why}`;
    case "changed":
      return decided.what === "content"
        ? "It is not what you were shown, so it was not approved: the email itself is another; look at it again"
        : "It was not approved: the policy, what was found or what is required is not what you were shown; look at it again";
    case "denied":
      return `The policy does not allow it any more, so nobody can approve it: ${decided.findings.map(({ rule, message }) => `${rule}: ${message}`).join("; ")}`;
    case "differs":
      return `Alarm: at MultiMail it is not what the assistant asked for (${decided.differences.join(", ")}), so it was not approved; its mailbox is stopped`;
    case "taken":
      return decided.until === undefined
        ? "Somebody else is deciding on it at this moment: your decision was not taken; look again in a few seconds"
        : `An approval of it lapsed a moment ago: your decision was not taken; decide again after ${new Date(decided.until).toISOString()}`;
    case "not_held": {
      const { title, more } = NOT_HELD_WORDS[decided.reason];
      return `${title}: ${more}`;
    }
  }
}

/** Why an email cannot be looked at or decided on now. */
export const NOT_HELD_WORDS: Readonly<Record<(Decided & { kind: "not_held" })["reason"], Words>> = {
  gone: { title: "It does not wait any more", more: "it was decided, ended or cancelled" },
  scanning: { title: "MultiMail still scans it", more: "nothing was decided; try again in a minute" },
  no_key: { title: "The console has no key for its mailbox", more: "nothing was decided" },
  unknown: {
    title: "It could not be checked right now",
    more: "nothing was decided; try again in a minute",
  },
};

function progressWords({ verdict, progress, due }: Decided & { kind: "decided" }): string {
  switch (progress) {
    case "carried_out":
      return verdict === "approve"
        ? "Approved: MultiMail sends it"
        : verdict === "reject"
          ? "Rejected: it will not leave, and the assistant is told"
          : "Changes asked for: this email will not leave, and the assistant is told what to change";
    case "under_way":
      return "Your decision is on record; MultiMail has not confirmed it yet, and the console sees to it";
    case "waits_for_others":
      return "Your approval counts; more people must approve, and nothing has left yet";
    case "kept":
      return `Approved, and kept until the team's hours open: it leaves at ${new Date(due ?? 0).toISOString()}, and can be rejected until then`;
  }
}
