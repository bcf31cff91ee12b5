/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { EmailSummary } from "@countersign/multimail";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Beside, OverlappingEmail, RevisedEmail } from "../beside/gather_beside.ts";
import type { SignedIn } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import { type HeldEmail, mayDecideOn } from "../deciding/held_email.ts";
import { durationText, Moment } from "../looks/moment.tsx";
import { Notice, Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { WordChanges } from "../looks/word_changes.tsx";
import { BoundTo } from "./decision_parts.tsx";
import { subjectOf } from "./queue_rows.ts";

/** What the sections beside an email need. */
export interface BesideProps {
  readonly held: HeldEmail;
  readonly beside: Beside;
  readonly person: SignedIn;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Other email that waits and says much the same, side by side, and a form that keeps one of them. */
export function Overlapping({ held, beside, person, now }: BesideProps): JSX.Element | null {
  const { overlapping } = beside;
  if (overlapping.length === 0) return null;
  const own = bodyOf(held);
  return (
    <Section
      id="overlapping"
      title={
        overlapping.length === 1
          ? "Another email that waits says much the same to these people"
          : `${overlapping.length} other emails that wait say much the same to these people`
      }
    >
      {overlapping.map(({ email, body }) => (
        <div key={email.receipt} class="stack">
          <p>
            <a href={`/queue/${encodeURIComponent(email.receipt)}`}>{nameOf(email)}</a> of{" "}
            {plain(email.assistant)}, team {plain(email.team)}, waits for {durationText(now - email.heldAt)}.
          </p>
          {own === undefined || body === undefined ? (
            <p class="quiet">The text of one of them was erased: they cannot be compared.</p>
          ) : (
            <WordChanges
              before={{ title: "The other", text: body }}
              after={{ title: "This one", text: own }}
            />
          )}
        </div>
      ))}
      <KeepOne {...{ held, person, overlapping }} />
    </Section>
  );
}

/** Approves this one and rejects the others: only where this person's approval is enough to say so of this one. */
function KeepOne({
  held,
  person,
  overlapping,
}: Pick<BesideProps, "held" | "person"> & { readonly overlapping: readonly OverlappingEmail[] }) {
  const may = mayDecideOn(held, person.session);
  const isOpen = held.comparison.differences.length === 0 && held.decision.effect !== "deny";
  if (!may.ok || may.countsFor.length === 0 || !isOpen) return null;
  return (
    <form
      method="post"
      action={`/queue/${encodeURIComponent(held.waiting.receipt)}/keep`}
      class="stack apart"
    >
      <BoundTo person={person} digests={held.digests} />
      <fieldset>
        <legend>Keep this one, and reject</legend>
        {overlapping.map(({ email }) => (
          <label key={email.receipt} class="check">
            <input type="checkbox" name="reject" value={email.receipt} checked />
            {nameOf(email)}, of {plain(email.assistant)}
          </label>
        ))}
      </fieldset>
      <label>
        For the assistants whose email is rejected
        <textarea name="reason" required maxlength={MAX_REASON}>
          A colleague has written to them about this
        </textarea>
      </label>
      <button type="submit">Approve this one, reject those</button>
      <p class="quiet small">The others are rejected only once this approval counts. Each is told apart.</p>
    </form>
  );
}

function nameOf(email: OverlappingEmail["email"]): string {
  return `“${plain(subjectOf(email) ?? "(no subject)", 200)}”`;
}

/** What this email was before it was rejected, with what changed. */
export function Revised({
  held,
  revised,
}: {
  readonly held: HeldEmail;
  readonly revised: RevisedEmail;
}): JSX.Element {
  const own = bodyOf(held);
  const { data } = held.waiting;
  const subject = data.subject === null ? undefined : held.values.get(data.subject);
  return (
    <Section id="revised" title="It replaces an email that was not approved">
      <p>
        <a href={`/queue/${encodeURIComponent(revised.receipt)}`}>That email</a>
        {revised.reason === undefined ? (
          " says nothing of why."
        ) : (
          <>
            {" was sent back: "}
            <q dir="auto">{plain(revised.reason, 1_000)}</q>
          </>
        )}
      </p>
      {subject !== undefined && revised.subject !== undefined && subject !== revised.subject && (
        <WordChanges
          before={{ title: "Subject before", text: revised.subject }}
          after={{ title: "Subject now", text: subject }}
        />
      )}
      {own === undefined || revised.body === undefined ? (
        <p class="quiet">The text of one of them was erased: they cannot be compared.</p>
      ) : own === revised.body ? (
        <Notice tone="warn" title="The text is the same as before" />
      ) : (
        <WordChanges before={{ title: "Before", text: revised.body }} after={{ title: "Now", text: own }} />
      )}
    </Section>
  );
}

function bodyOf({ waiting: { data }, values }: HeldEmail): string | undefined {
  return data.body === null ? undefined : values.get(data.body);
}

/** What was said before, in this conversation and to these people. */
export function Before({ held, beside }: Pick<BesideProps, "held" | "beside">): JSX.Element {
  const { conversation, earlier, lookedFor } = beside;
  return (
    <Section id="before" title="What was said before">
      <h3>In this conversation</h3>
      {conversation === undefined ? (
        <p class="quiet">MultiMail does not show it right now.</p>
      ) : conversation.length === 0 ? (
        <p class="quiet">Nothing: it begins with this email.</p>
      ) : (
        <>
          <ol class="timeline">
            {conversation.map((email) => (
              <li key={email.id}>
                <ConversationLine email={email} receipt={held.waiting.receipt} />
              </li>
            ))}
          </ol>
          <p class="quiet small">
            MultiMail marks received email as read, for everybody, when its text is opened.
          </p>
        </>
      )}
      <h3>To these people</h3>
      {earlier.length === 0 ? (
        <p class="quiet">Nothing that is on record.</p>
      ) : (
        <ul class="people">
          {earlier.map(({ receipt, team, at, shown }) => (
            <li key={receipt}>
              {shown === undefined ? (
                <>
                  An email of team {plain(team)}, <Moment at={at} />{" "}
                  <span class="quiet small">
                    receipt <code>{plain(receipt, 80)}</code>
                  </span>
                </>
              ) : (
                <>
                  <a href={`/queue/${encodeURIComponent(receipt)}`}>
                    {plain(shown.subject ?? "(a reply, or erased)", 200)}
                  </a>{" "}
                  to <bdi>{plain(shown.to, 254)}</bdi>, by {plain(shown.assistant)} of team {plain(team)},{" "}
                  <Moment at={at} />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {lookedFor !== undefined && (
        <p class="quiet small">
          It was looked for the first {lookedFor} of its recipients only; auditors find the rest in the trail.
        </p>
      )}
    </Section>
  );
}

function ConversationLine({ email, receipt }: { readonly email: EmailSummary; readonly receipt: string }) {
  const { id, from, subject, direction, receivedAt, deliveredAt } = email;
  const at = receivedAt ?? deliveredAt;
  return (
    <>
      <bdi>{plain(from, 254)}</bdi> {direction === "outbound" ? "wrote, for the team: " : "wrote: "}
      <a
        href={`/queue/${encodeURIComponent(receipt)}/conversation/${encodeURIComponent(id)}`}
        target="_blank"
        rel="noopener"
      >
        {subject.trim() === "" ? "(empty subject)" : plain(subject, 200)}
      </a>{" "}
      {at !== undefined && (
        <span class="quiet small">
          <Moment at={at} />
        </span>
      )}
    </>
  );
}
