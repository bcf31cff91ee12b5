/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { parseAddress } from "@countersign/core/address";
import { isSameAccount } from "@countersign/core/approval";
import { isInternal } from "@countersign/core/decision";
import { formatWhere, type PolicySet, type TeamPolicy } from "@countersign/core/policy";
import type { Email } from "@countersign/multimail";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { SignedIn } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import type { NotHeld } from "../deciding/held_email.ts";
import { type IncomingEmail, mayDecideOnIncoming } from "../deciding/incoming_email.ts";
import { AddressChip } from "../looks/address_chip.tsx";
import { DataTable } from "../looks/data_table.tsx";
import { InertText } from "../looks/inert_text.tsx";
import { Ago, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { TeamFilter } from "../looks/team_filter.tsx";
import type { IncomingList, WaitingIncoming } from "../waiting/incoming_mail.ts";
import { DecidedNotice, NOT_HELD } from "./decided_notice.tsx";
import { BoundTo, NotTheirs, StandsInFor, WhyApproved } from "./decision_parts.tsx";
import type { ToldResult } from "./told_results.ts";

const LEAD = "Email that came in and that no assistant sees before a person releases it. It never expires.";

/** So much of a text is on the page, in UTF-16 units: nobody releases more than they read. */
const BODY = 100_000;

/** What came of the decision that led here. */
interface Told {
  readonly result: ToldResult | undefined;
}

/** What the list of received email is made of. */
export interface IncomingListViewProps extends Told, Pick<IncomingList, "unknown" | "more"> {
  readonly person: SignedIn;
  readonly teams: readonly string[];
  /** Of this team only; empty: of all. */
  readonly team: string;
  /** What is on this page. */
  readonly emails: readonly WaitingIncoming[];
  readonly count: number;
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
  readonly policies: PolicySet;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Received email that waits, the oldest first. */
export function IncomingListView(props: IncomingListViewProps): JSX.Element {
  const { person, teams, team, emails, count, page, hasMore, unknown, more, result, policies, now } = props;
  return (
    <Page title="Incoming" person={person} current="incoming" lead={LEAD}>
      {result !== undefined && <DecidedNotice decided={result.decided} isIncoming />}
      {unknown.length > 0 && (
        <Notice tone="warn" title={`MultiMail does not tell now what came in for ${unknown.join(", ")}`}>
          <p>Nothing was decided there. Try again in a minute.</p>
        </Notice>
      )}
      {more.length > 0 && (
        <Notice tone="info" title={`More waits than stands here, for ${more.join(", ")}`}>
          <p>What is released or rejected makes room for it.</p>
        </Notice>
      )}
      <TeamFilter action="/incoming" teams={teams} team={team} />
      {emails.length === 0 ? (
        <Empty title="Nothing that came in waits">
          <p>When somebody writes to a mailbox all of whose email a person sees first, it stands here.</p>
        </Empty>
      ) : (
        <DataTable
          caption={`${count} received ${count === 1 ? "email waits" : "emails wait"}`}
          columns={[
            { label: "Subject" },
            { label: "From" },
            { label: "To team" },
            { label: "Files" },
            { label: "Waits" },
          ]}
          rows={emails.map((one) => rowOf(one, policies.teams.get(one.team), now))}
        />
      )}
      <Pager
        of="what came in"
        page={page}
        hasMore={hasMore}
        pathOf={(to) => `/incoming?${new URLSearchParams({ team, page: String(to) })}`}
        words={{ back: "Older", on: "Newer" }}
      />
    </Page>
  );
}

function rowOf(
  { team, email }: WaitingIncoming,
  ...[policy, now]: readonly [TeamPolicy | undefined, number]
) {
  const path = `/incoming/${encodeURIComponent(team)}/${encodeURIComponent(email.id)}`;
  const since = Date.parse(email.receivedAt ?? "");
  return [
    <a href={path} data-row>
      <bdi>{email.subject.trim() === "" ? "(empty subject)" : plain(email.subject, 120)}</bdi>
    </a>,
    <Sender from={email.from} policy={policy} />,
    <span class="word">{plain(team)}</span>,
    <span class="word">
      {email.hasAttachments === undefined ? "unknown" : email.hasAttachments ? "yes" : "none"}
    </span>,
    <div class="waits">{Number.isNaN(since) ? "unknown" : <Ago since={since} now={now} />}</div>,
  ];
}

/** Whoever wrote it, as they call themselves: a From proves nothing. */
function Sender({ from, policy }: { readonly from: string; readonly policy: TeamPolicy | undefined }) {
  const [, inside = from] = /<([^<>]*)>\s*$/.exec(from) ?? [];
  const parsed = parseAddress(inside.trim());
  const isInside = policy !== undefined && parsed.ok && isInternal(policy, parsed.address);
  return <AddressChip address={from} marks={[isInside ? "inside" : "outside"]} />;
}

/** What the page of a received email is made of. */
export interface IncomingViewProps extends Told {
  readonly person: SignedIn;
  readonly incoming: IncomingEmail;
  /** All of it, as far as MultiMail was asked. */
  readonly full: Email | undefined;
  /** Where its forms are sent. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A received email that waits, and the forms by which it is released or rejected. */
export function IncomingView(props: IncomingViewProps): JSX.Element {
  const { person, incoming, result, now } = props;
  const { email, policy, receipt } = incoming;
  const since = Date.parse(email.receivedAt ?? "");
  return (
    <Page
      title={email.subject.trim() === "" ? "(empty subject)" : plain(email.subject, 300)}
      person={person}
      current="incoming"
      lead={
        <>
          Came in for team {plain(policy.team)}
          {!Number.isNaN(since) && (
            <>
              {" · waits for "}
              <Ago since={since} now={now} />
            </>
          )}
        </>
      }
      actions={
        <a class="button" href="/incoming">
          Back to what came in
        </a>
      }
    >
      {result !== undefined && <DecidedNotice decided={result.decided} isIncoming />}
      <div class="columns two">
        <Section id="email" title="The email">
          <Envelope {...props} />
          {email.markdown.trim() === "" ? (
            <p class="quiet">The text is empty.</p>
          ) : (
            <InertText label="The email's text" text={email.markdown.slice(0, BODY).toWellFormed()} />
          )}
          {email.markdown.length > BODY && (
            <Notice tone="warn" title={`Here are the first ${BODY.toLocaleString("en")} characters only`}>
              <p>It is longer than anybody reads: look at it at MultiMail before you release it.</p>
            </Notice>
          )}
        </Section>
        <div class="stack">
          <Forms {...props} />
          <Progress incoming={incoming} />
          <p class="quiet small">
            On record as <code>{plain(receipt, 80)}</code>. What is decided here binds the console: whoever
            can use MultiMail's own dashboard can decide there too.
          </p>
        </div>
      </div>
    </Page>
  );
}

function Envelope({ incoming, full, path, person }: IncomingViewProps) {
  const { email, policy } = incoming;
  const line = (label: string, addresses: readonly string[]): Child =>
    addresses.length > 0 && (
      <>
        <dt>{label}</dt>
        <dd>
          {addresses.map((address, index) => (
            <div key={index}>
              <bdi>{plain(address, 254)}</bdi>
            </div>
          ))}
        </dd>
      </>
    );
  return (
    <dl class="facts">
      <dt>From</dt>
      <dd>
        <Sender from={email.from} policy={policy} />
        <p class="quiet small">As the sender writes it: nobody has proved it</p>
      </dd>
      {line("To", email.to)}
      {full !== undefined && line("Cc", full.cc)}
      {email.receivedAt !== undefined && (
        <>
          <dt>Came in</dt>
          <dd>
            <Moment at={email.receivedAt} />
          </dd>
        </>
      )}
      <dt>Cc, files</dt>
      <dd>
        {full === undefined ? (
          <form method="post" action={path}>
            <input type="hidden" name="form_token" value={person.formToken} />
            <button type="submit" class="plain" name="verdict" value="read">
              Ask MultiMail, which then calls it read
            </button>
          </form>
        ) : (
          <Files attachments={full.attachments} />
        )}
      </dd>
    </dl>
  );
}

function Files({ attachments = [] }: Pick<Partial<Email>, "attachments">) {
  if (attachments.length === 0) return <span>no files</span>;
  return (
    <ul class="people">
      {attachments.map(({ name, contentType, size }, index) => (
        <li key={index}>
          <bdi>{plain(name, 300)}</bdi>{" "}
          <span class="quiet small">
            {[contentType, size === undefined ? undefined : `${size} bytes`]
              .filter((part) => part !== undefined)
              .map((part) => plain(part))
              .join(", ")}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Forms({ incoming, person, path }: IncomingViewProps) {
  const may = mayDecideOnIncoming(incoming, person.session);
  if (!may.ok) return <NotTheirs why={may.why} />;
  const { digests, policy, given } = incoming;
  const { reason } = policy.approval;
  const hasReleased = given.some(
    ({ verdict, by }) => verdict === "approve" && isSameAccount(by, person.session),
  );
  const bound = <BoundTo person={person} digests={digests} />;
  return (
    <Section id="decide" title="Your decision">
      <StandsInFor person={may.insteadOf} />
      {may.countsFor.length === 0 ? (
        <p>{plain(may.why ?? "Your approval would count for nothing", 1_000)}. You can reject it.</p>
      ) : hasReleased ? (
        <p>You have released it; it waits for others. You can still reject it.</p>
      ) : (
        <form method="post" action={path} class="stack">
          {bound}
          <WhyApproved approval={policy.approval} />
          <button type="submit" class="primary wide" name="verdict" value="approve" data-key="a">
            Release it to the assistants
          </button>
        </form>
      )}
      <form method="post" action={path} class="stack apart">
        {bound}
        <label>
          {reason === "never" ? "Why (you need not say)" : "Why is it rejected?"}
          <textarea name="reason" maxlength={MAX_REASON} data-key="r" />
        </label>
        <button type="submit" class="danger wide" name="verdict" value="reject">
          Reject
        </button>
        <p class="quiet small">No assistant will ever see it. The sender is not told.</p>
      </form>
    </Section>
  );
}

function Progress({ incoming: { tally } }: { readonly incoming: IncomingEmail }) {
  return (
    <Section id="progress" title="Who must release it">
      {tally.requirements.map(({ requirement: { needed, by, where }, counted, missing }, index) => (
        <div key={index}>
          <p>
            <State tone={missing === 0 ? "ok" : "info"}>{`${counted.length} of ${needed}`}</State>
          </p>
          {counted.map(({ decision }) => (
            <p key={decision.by.subject}>
              <bdi>{plain(decision.by.address, 254)}</bdi>{" "}
              <span class="quiet small">
                <Moment at={decision.at} />
              </span>
            </p>
          ))}
          <p class="quiet small">
            Of {by.map(({ address }) => plain(address, 254)).join(", ") || "nobody"} (
            {plain(formatWhere(where), 300)})
          </p>
        </div>
      ))}
    </Section>
  );
}

/** A received email that does not wait, or that cannot be read now. */
export function IncomingGone({
  person,
  result,
  reason,
}: Told & { readonly person: SignedIn; readonly reason: NotHeld["reason"] }): JSX.Element {
  const { title, more } = NOT_HELD[reason];
  return (
    <Page
      title="Incoming"
      person={person}
      current="incoming"
      actions={
        <a class="button" href="/incoming">
          Back to what came in
        </a>
      }
    >
      {result === undefined ? (
        <Notice tone={reason === "gone" ? "info" : "warn"} title={title}>
          <p>{more}</p>
        </Notice>
      ) : (
        <DecidedNotice decided={result.decided} isIncoming />
      )}
    </Page>
  );
}
