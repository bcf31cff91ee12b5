import { OVERSIGHT_MODES } from "@countersign/core/policy";

/** What a first team file is made from, as it was typed; lists have commas. */
export interface TeamAnswers {
  readonly team: string;
  readonly description: string;
  /** At MultiMail. */
  readonly mailboxId: string;
  readonly mailboxAddress: string;
  readonly oversight: string;
  readonly approvers: string;
  readonly assistants: string;
  /** Domains of our own people. */
  readonly internal: string;
}

/** One thing that a team file needs to know. */
export interface SetupQuestion {
  /** The flag that answers it, without its dashes. */
  readonly flag: string;
  readonly text: string;
  /** Path of the value in the file, to tell whose problem a problem is. */
  readonly path: string;
  /** What no answer means; absent: it must be answered. */
  readonly fallback?: (answers: Partial<TeamAnswers>) => string | undefined;
}

/** What is asked, in this order. */
export const QUESTIONS: Readonly<Record<keyof TeamAnswers, SetupQuestion>> = {
  team: { flag: "team", text: "Team, as its file is to be called, like finance", path: "team" },
  description: {
    flag: "description",
    text: "What its email is for",
    path: "description",
    fallback: ({ team = "" }) => `Email of team ${team}`,
  },
  mailboxId: { flag: "mailbox-id", text: "Id of its mailbox at MultiMail", path: "mailbox.id" },
  mailboxAddress: { flag: "mailbox-address", text: "Address of its mailbox", path: "mailbox.address" },
  oversight: {
    flag: "oversight",
    text: `Oversight, one of ${OVERSIGHT_MODES.join(", ")}`,
    path: "oversight",
    fallback: () => "gated_send",
  },
  approvers: {
    flag: "approvers",
    text: "Addresses of those who may approve email, commas between them",
    path: "approvers",
    fallback: ({ oversight = "" }) => (oversight.startsWith("gated") ? undefined : ""),
  },
  assistants: {
    flag: "assistants",
    text: "Its assistants, like invoice-chaser, commas between them",
    path: "assistants",
  },
  internal: {
    flag: "internal",
    text: "Domains of your own people, commas between them",
    path: "recipients.internal",
    fallback: ({ approvers = "" }) => approvers.split(/[,\s]/)[0]?.split("@")[1] ?? "",
  },
};

/** `a, b c` → its words. */
export function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}
