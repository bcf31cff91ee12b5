/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Verdict } from "@countersign/core/approval";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Decided } from "../deciding/decide_email.ts";
import { Moment } from "../looks/moment.tsx";
import { Notice, type Tone } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";

/** What a page says of a decision. */
interface Words {
  readonly tone: Tone;
  readonly title: string;
  readonly more?: Child;
}

/** What became of a decision, first thing on the page that follows it. */
export function DecidedNotice({
  decided,
  isIncoming = false,
}: {
  readonly decided: Decided;
  /** It was received, and nothing leaves by it. */
  readonly isIncoming?: boolean;
}): JSX.Element {
  const { tone, title, more } = (isIncoming ? incomingWords(decided) : undefined) ?? wordsFor(decided);
  return (
    <Notice tone={tone} title={title}>
      {more !== undefined && <p>{more}</p>}
    </Notice>
  );
}

const DONE: Readonly<Record<Verdict, string>> = {
  approve: "Approved: MultiMail sends it",
  reject: "Rejected: it will not leave, and the assistant is told",
  changes: "Changes asked for: this email will not leave, and the assistant is told what to change",
};

const RECEIVED: Readonly<Record<Verdict, string>> = {
  approve: "Released: the team's assistants may see it",
  reject: "Rejected: no assistant will see it",
  changes: "Rejected: no assistant will see it",
};

/** What is otherwise said of received email; undefined: the same. */
function incomingWords(decided: Decided): Words | undefined {
  if (decided.kind !== "decided") return undefined;
  if (decided.progress === "carried_out") return { tone: "ok", title: RECEIVED[decided.verdict] };
  return decided.progress === "waits_for_others"
    ? {
        tone: "ok",
        title: "Your approval counts; more people must approve",
        more: "No assistant sees it yet.",
      }
    : undefined;
}

/** Why an email cannot be decided on now, for people. */
export const NOT_HELD: Readonly<Record<(Decided & { kind: "not_held" })["reason"], Omit<Words, "tone">>> = {
  gone: {
    title: "It does not wait any more",
    more: "It was decided, ended or cancelled elsewhere. Nothing was done twice.",
  },
  scanning: { title: "MultiMail still scans it", more: "Nothing was decided. Try again in a minute." },
  no_key: {
    title: "The console has no key for this mailbox",
    more: "Nothing was decided. Whoever runs Countersign can set the variable that the queue names.",
  },
  unknown: {
    title: "It could not be checked right now",
    more: "Nothing was decided: MultiMail did not answer, or its mailbox or files could not be looked through. Try again in a minute.",
  },
};

function wordsFor(decided: Decided): Words {
  switch (decided.kind) {
    case "decided":
      return wordsForProgress(decided);
    case "refused":
      return { tone: "warn", title: "Nothing was decided", more: plain(decided.why, 2_000) };
    case "changed":
      return {
        tone: "warn",
        title: "It is not what you were shown, so it was not approved",
        more:
          decided.what === "content"
            ? "The email itself is another. Read it again below, as it is now."
            : "The policy, what was found or what is required changed meanwhile. Look again below, and confirm.",
      };
    case "denied":
      return {
        tone: "bad",
        title: "The policy does not allow it any more, so nobody can approve it",
        more: "What denies it stands below, with its line. You can still reject it with a reason.",
      };
    case "differs":
      return {
        tone: "bad",
        title: "Alarm: at MultiMail it is not what the assistant asked for, so it was not approved",
        more: `Different: ${plain(decided.differences.join(", "))}. Its mailbox is stopped; an operator must look at it.`,
      };
    case "taken":
      return {
        tone: "warn",
        title:
          decided.until === undefined
            ? "Somebody else is deciding on it at this moment"
            : "An approval of it lapsed a moment ago",
        more:
          decided.until === undefined ? (
            "Your decision was not taken. Look again in a few seconds."
          ) : (
            <>
              Your decision was not taken: MultiMail may still have been told of that approval. Decide again
              after <Moment at={decided.until} />.
            </>
          ),
      };
    case "not_held":
      return { tone: decided.reason === "gone" ? "info" : "warn", ...NOT_HELD[decided.reason] };
  }
}

function wordsForProgress({ verdict, progress, due }: Decided & { kind: "decided" }): Words {
  switch (progress) {
    case "carried_out":
      return { tone: "ok", title: DONE[verdict] };
    case "under_way":
      return {
        tone: "info",
        title: "Your decision is on record; MultiMail has not confirmed it yet",
        more: "The console sees to it, also after a restart. You need do nothing more.",
      };
    case "waits_for_others":
      return {
        tone: "ok",
        title: "Your approval counts; more people must approve",
        more: "Nothing has left yet.",
      };
    case "kept":
      return {
        tone: "ok",
        title: "Approved, and kept until the team's hours open",
        more: (
          <>
            It leaves at <Moment at={due ?? 0} />. Until then it can still be rejected.
          </>
        ),
      };
  }
}
