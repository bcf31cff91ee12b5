/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import type { SignedIn } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import { AddressChip } from "../looks/address_chip.tsx";
import { DataTable } from "../looks/data_table.tsx";
import { Ago, Left, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import type { OpenedEmail } from "../store/console_store.ts";
import { DecidedNotice } from "./decided_notice.tsx";
import { NO_RULE, type QueueFilter, type QueueList } from "./queue_list.ts";
import type { QueueRow } from "./queue_rows.ts";
import type { ToldResult } from "./told_results.ts";

/** So many recipients of an email are named in the list. */
const NAMED = 3;

/** So many teams, assistants or rules are chosen from; more are written. */
const MAX_CHOICES = 200;

/** What the queue shows. */
export interface QueueViewProps {
  readonly person: SignedIn;
  readonly list: QueueList;
  readonly filter: QueueFilter;
  /** What is on this page, in order. */
  readonly rows: readonly QueueRow[];
  /** From 1. */
  readonly page: number;
  readonly hasMore: boolean;
  /** The how many-th email the first one here is, from 1. */
  readonly first: number;
  /** Of what is on this page, what was opened in this sign-in. */
  readonly opened: ReadonlyMap<string, OpenedEmail>;
  /** Keys that decide and that are not there, and whose email nobody can decide on here therefore. */
  readonly missing: readonly { readonly variable: string; readonly teams: readonly string[] }[];
  readonly results: readonly ToldResult[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What waits, to be chosen from, and forms to decide on several. */
export function QueueView(props: QueueViewProps): JSX.Element {
  const { person, list, rows, page, hasMore, filter, missing, results, opened } = props;
  const all = list.counts.mine + list.counts.others;
  return (
    <Page
      title="Queue"
      person={person}
      current="queue"
      lead="Email that assistants wrote and that waits for a person, the oldest first."
    >
      {missing.map(({ variable, teams }) => (
        <Notice key={variable} tone="bad" title={`Nobody can decide here on email of ${teams.join(", ")}`}>
          <p>
            Set <code>{variable}</code> for the console to an API key of MultiMail with the scopes oversight
            and read, and start it again. Until then MultiMail's own dashboard decides.
          </p>
        </Notice>
      ))}
      <Results results={results} />
      <Tabs {...props} />
      {all > 0 && <Filters {...props} />}
      {rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <form method="post" action={pathOfQueue(filter)} class="stack">
          <input type="hidden" name="form_token" value={person.formToken} />
          <DataTable
            caption={captionOf(props)}
            columns={COLUMNS[filter.show].map((label) => ({ label }))}
            rows={rows.map((row) => cellsOf(row, props))}
            classes={rows.map((row, index) =>
              groupClass(row, { before: rows[index - 1], groups: list.groups }),
            )}
          />
          <Pager
            of="the queue"
            page={page}
            hasMore={hasMore}
            pathOf={(to) => pathOfQueue(filter, { page: String(to) })}
            words={PAGER}
          />
          {filter.show === "mine" && <Several hasOpened={opened.size > 0} />}
        </form>
      )}
    </Page>
  );
}

const PAGER = { back: "Older", on: "Newer" } as const;

const COLUMNS = {
  mine: ["Subject", "Written by", "To", "Held because", "Approved", "Waits"],
  others: ["Subject", "Written by", "To", "Held because", "Approved", "Waits"],
} as const;

/** Where the queue is, filtered; what is empty is left out. */
export function pathOfQueue(filter: QueueFilter, more: Readonly<Record<string, string>> = {}): string {
  const { show, ...rest } = filter;
  const fields = { ...rest, ...(show === "others" && { show }), ...more };
  const query = new URLSearchParams(Object.entries(fields).filter(([, text]) => text !== ""));
  return query.size === 0 ? "/queue" : `/queue?${query}`;
}

const NO_FILTER = { team: "", assistant: "", rule: "", text: "" } as const;

function isFiltered({ show: _, ...filter }: QueueFilter): boolean {
  return Object.values(filter).some((text) => text !== "");
}

function Tabs({ list: { counts }, filter }: QueueViewProps) {
  return (
    <nav class="tabs" aria-label="Whose turn it is" data-shown={counts.mine}>
      {(
        [
          ["mine", "For you"],
          ["others", "For others"],
        ] as const
      ).map(([show, label]) => (
        <a
          key={show}
          href={pathOfQueue({ ...NO_FILTER, show })}
          aria-current={filter.show === show ? "page" : undefined}
        >
          {label} <span class="count">{counts[show].toLocaleString("en")}</span>
        </a>
      ))}
    </nav>
  );
}

function Nothing({ list: { counts }, filter }: QueueViewProps) {
  if (isFiltered(filter))
    return (
      <Empty title="Nothing that waits is like that">
        <p>
          <a href={pathOfQueue({ ...NO_FILTER, show: filter.show })}>Show all {counts[filter.show]}</a>
        </p>
      </Empty>
    );
  if (filter.show === "others")
    return (
      <Empty title="Nothing waits for others">
        <p>Here stands what you have approved and others have not, and what is decided and has not left.</p>
      </Empty>
    );
  return (
    <Empty title="Nothing waits for you">
      <p>When an assistant of your teams writes an email that you must see, it stands here.</p>
    </Empty>
  );
}

function captionOf({ list: { emails }, rows, first }: QueueViewProps): string {
  const count = emails.length;
  const which = count > rows.length ? `, of which ${first} to ${first + rows.length - 1} are here` : "";
  return `${count.toLocaleString("en")} ${count === 1 ? "email waits" : "emails wait"}${which}`;
}

/** Email that says much the same stands together, in one frame. */
function groupClass(
  { email }: QueueRow,
  { before, groups }: Pick<QueueList, "groups"> & { readonly before: QueueRow | undefined },
): string | undefined {
  const group = groups.get(email.receipt);
  if (group === undefined) return undefined;
  return group === groups.get(before?.email.receipt ?? "") ? "grouped" : "grouped first";
}

function Results({ results }: { readonly results: readonly ToldResult[] }) {
  if (results.length === 0) return null;
  const done = results.filter(({ decided }) => decided.kind === "decided").length;
  return (
    <Section
      id="results"
      title={`What became of ${results.length === 1 ? "it" : `all ${results.length}`}: ${done} decided, ${results.length - done} not`}
    >
      <ul class="people results">
        {results.map(({ receipt, decided, subject }) => (
          <li key={receipt}>
            <p>
              <a href={`/queue/${encodeURIComponent(receipt)}`}>
                <bdi>{plain(subject ?? receipt, 120)}</bdi>
              </a>
            </p>
            <DecidedNotice decided={decided} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Filters({ list: { choices }, filter }: QueueViewProps) {
  const choice = (name: "team" | "assistant" | "rule", label: string, values: readonly string[]) =>
    values.length > MAX_CHOICES ? (
      <label>
        {label}
        <input name={name} value={filter[name]} maxlength={254} autocomplete="off" />
      </label>
    ) : (
      values.length > 1 && (
        <label>
          {label}
          <select name={name}>
            {["", ...values].map((value) => (
              <option key={value} value={value} selected={value === filter[name]}>
                {value === "" ? "all" : value === NO_RULE ? "the team sees all email first" : value}
              </option>
            ))}
          </select>
        </label>
      )
    );
  return (
    <form class="filter" method="get" action="/queue">
      {filter.show === "others" && <input type="hidden" name="show" value="others" />}
      <label>
        Subject or recipient
        <input type="search" name="text" value={filter.text} maxlength={254} autocomplete="off" />
      </label>
      {choice("team", "Team", choices.teams)}
      {choice("assistant", "Assistant", choices.assistants)}
      {choice("rule", "Held because", choices.rules)}
      <button type="submit">Show</button>
    </form>
  );
}

function Several({ hasOpened }: { readonly hasOpened: boolean }) {
  return (
    <Section id="several" title="Decide on those that are ticked">
      <label>
        Why? The assistants of those that are rejected read it
        <textarea name="reason" maxlength={MAX_REASON} />
      </label>
      <div class="buttons start">
        <button type="submit" name="verdict" value="approve" disabled={!hasOpened}>
          Approve the ticked ones
        </button>
        <button type="submit" class="danger" name="verdict" value="reject">
          Reject the ticked ones
        </button>
      </div>
      <p class="quiet small">
        Only what you have opened since you signed in can be approved here, and only as you saw it then: it is
        marked “opened”.
      </p>
    </Section>
  );
}

function cellsOf(row: QueueRow, { list, opened, now, filter }: QueueViewProps) {
  const { email, subject, recipients, whyNot } = row;
  const { receipt, team, assistant, heldAt, flags: rules } = email;
  const alike = (list.groups.get(receipt)?.length ?? 1) - 1;
  const shown = subject === undefined ? "(no subject on record)" : plain(subject, 120);
  const rest = recipients.length - NAMED;
  // Those outside are what a reader looks for.
  const named = [...recipients].sort((a, b) => Number(a.isInside) - Number(b.isInside)).slice(0, NAMED);
  const link = (
    <a href={`/queue/${encodeURIComponent(receipt)}`} data-row>
      <bdi>{shown.trim() === "" ? "(empty subject)" : shown}</bdi>
    </a>
  );
  return [
    <div class={filter.show === "mine" ? "pick" : undefined}>
      {filter.show === "mine" && (
        <input type="checkbox" name="receipt" value={receipt} aria-label={`Tick ${shown}`} />
      )}
      <div>
        {link}
        {opened.has(receipt) && (
          <p class="small">
            <State tone="ok">opened</State>
          </p>
        )}
        {alike > 0 && (
          <p class="small">
            <State tone="warn">{`says much the same as ${alike === 1 ? "another" : `${alike} others`} here`}</State>
          </p>
        )}
        {whyNot !== undefined && <p class="quiet small">{plain(whyNot, 400)}</p>}
      </div>
    </div>,
    <span>
      {plain(assistant)} <span class="quiet small">of {plain(team)}</span>
    </span>,
    <div class="stack tight">
      {named.map(({ address, isInside }, index) => (
        <div key={index}>
          <AddressChip address={address} marks={[isInside ? "inside" : "outside"]} />
        </div>
      ))}
      {rest > 0 && <span class="quiet small">and {rest} more</span>}
    </div>,
    <span>
      {rules.length === 0 ? <span class="quiet">the team sees all email first</span> : null}
      {rules.map((rule, index) => (
        <>
          {index > 0 && ", "}
          <code>{plain(rule)}</code>
        </>
      ))}
    </span>,
    <Progress row={row} />,
    <div class="waits">
      <Ago since={heldAt} now={now} />
      {row.expiresAt !== undefined && (
        <p class="small">
          <Left until={row.expiresAt} now={now} />
        </p>
      )}
    </div>,
  ];
}

function Progress({ row: { approved, needed, keptUntil, isUnderWay } }: { readonly row: QueueRow }) {
  if (keptUntil !== undefined)
    return (
      <span>
        yes, kept until <Moment at={keptUntil} />
      </span>
    );
  if (isUnderWay) return <span>decided; MultiMail has not confirmed it yet</span>;
  if (needed === undefined) return <span class="quiet">{approved === 0 ? "none yet" : approved}</span>;
  return <span>{`${approved} of ${needed}`}</span>;
}
