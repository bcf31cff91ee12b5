/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { ReceiptState } from "@countersign/lifecycle";
import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { PageEnv } from "../console_world.ts";
import type { Decided } from "../deciding/decide_email.ts";
import type { NotHeld } from "../deciding/held_email.ts";
import { Page } from "../looks/page.tsx";
import { Notice, Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { DecidedNotice, NOT_HELD } from "./decided_notice.tsx";
import { History, type HistoryEntry } from "./email_history.tsx";
import type { ToldResult } from "./told_results.ts";

/** What every page about one email is made of. */
export interface EmailPageProps {
  readonly c: Context<PageEnv>;
  readonly receipt: string;
  /** What became of the decision that led here. */
  readonly decided: Decided | undefined;
  /** What became of others, on which the same form decided. */
  readonly elsewhere: readonly ToldResult[];
  readonly history: readonly HistoryEntry[];
}

/** What became of the others when one of several was kept. */
export function Elsewhere({ results }: { readonly results: readonly ToldResult[] }): JSX.Element {
  return (
    <>
      {results.map(({ receipt, subject = receipt, decided }) => (
        <section key={receipt} aria-label={`What became of ${plain(subject, 200)}`}>
          <p>
            <a href={`/queue/${encodeURIComponent(receipt)}`}>“{plain(subject, 200)}”</a>
          </p>
          <DecidedNotice decided={decided} />
        </section>
      ))}
    </>
  );
}

/** What the page of an email that cannot be decided on now is made of. */
export interface PastViewProps extends EmailPageProps {
  /** Absent: nothing is known of it. */
  readonly state: ReceiptState | undefined;
  readonly reason: NotHeld["reason"];
  /** Receipt of what waits longest. */
  readonly next: string | undefined;
}

/** An email that does not wait, or that cannot be read now, with what the trail knows of it. */
export function PastView({
  c,
  receipt,
  decided,
  elsewhere,
  state,
  reason,
  next,
  history,
}: PastViewProps): JSX.Element {
  const { title, more } = NOT_HELD[reason];
  const subject = state?.subject ?? "";
  return (
    <Page
      title={subject.trim() === "" ? plain(receipt, 80) : plain(subject, 300)}
      person={c.var.person}
      current="queue"
      lead={state && `Written by ${plain(state.assistant)} of team ${plain(state.team)}`}
      actions={
        <>
          {reason === "gone" && next !== undefined && (
            <a class="button primary" href={`/queue/${encodeURIComponent(next)}`}>
              Next that waits
            </a>
          )}
          <a class="button" href="/queue">
            Back to the queue
          </a>
        </>
      }
    >
      {decided !== undefined && <DecidedNotice decided={decided} />}
      <Elsewhere results={elsewhere} />
      {decided === undefined && (
        <Notice tone={reason === "gone" ? "info" : "warn"} title={title}>
          <p>{more}</p>
          {reason !== "gone" && (
            <p>
              <a href={`/queue/${encodeURIComponent(receipt)}`}>Try again</a>
            </p>
          )}
        </Notice>
      )}
      <div class="columns two">
        <History entries={history} />
        {state !== undefined && (
          <Section id="now" title="Where it stands">
            <dl class="facts">
              <dt>State</dt>
              <dd>{state.status.replaceAll("_", " ")}</dd>
              {state.approvedBy !== undefined && (
                <>
                  <dt>Approved by</dt>
                  <dd>
                    <bdi>{plain(state.approvedBy, 254)}</bdi>
                  </dd>
                </>
              )}
              {state.message !== undefined && (
                <>
                  <dt>Because</dt>
                  <dd dir="auto">{plain(state.message, 1_000)}</dd>
                </>
              )}
              <dt>To</dt>
              <dd>
                {state.recipients.map(({ address }, index) => (
                  <div key={index}>
                    <bdi>{plain(address, 254)}</bdi>
                  </div>
                ))}
              </dd>
            </dl>
          </Section>
        )}
      </div>
    </Page>
  );
}
