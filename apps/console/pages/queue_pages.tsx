/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { decideEmail, MAX_REASON } from "../deciding/decide_email.ts";
import { AddressChip } from "../looks/address_chip.tsx";
import { DataTable } from "../looks/data_table.tsx";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { DecidedNotice } from "./decided_notice.tsx";
import { notFound } from "./not_found.tsx";
import { groupOverlapping } from "./overlap_groups.ts";
import { type QueueRow, queueRows } from "./queue_rows.ts";
import { type ToldResult, ToldResults } from "./told_results.ts";

/** So many emails are on a page, and at most so many are rejected at once. */
const PAGE = 50;

/** So many recipients of an email are named in the list. */
const NAMED = 3;

/** Everything that waits for a person, the oldest first; and rejecting several at once. */
export function queuePages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  const told = new ToldResults();
  app.use("/queue", async (c, next) => (c.var.person.roles.approves.size > 0 ? next() : notFound(c)));

  app.get("/queue", async (c) => {
    const { roles, session, formToken } = c.var.person;
    await world.deciding.waiting.follow();
    const wanted = filterOf(c);
    const all = world.deciding.waiting.list((team) => roles.approves.has(team));
    const found = all.filter(
      ({ team, assistant }) =>
        (wanted.team === "" || team === wanted.team) &&
        (wanted.assistant === "" || assistant === wanted.assistant),
    );
    const { emails, others } = groupOverlapping(found);
    const last = Math.max(1, Math.ceil(emails.length / PAGE));
    const page = Math.min(last, Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1));
    const rows = await queueRows(emails.slice((page - 1) * PAGE, page * PAGE), session, world);
    const teams = [...roles.approves].sort();
    const assistants = [...new Set(all.map(({ assistant }) => assistant))].sort();
    const missing = [...world.deciding.oversight.missing(world.policies())].flatMap(([variable, named]) => {
      const mine = named.filter((team) => roles.approves.has(team));
      return mine.length === 0 ? [] : [{ variable, teams: mine }];
    });
    return sendPage(
      c,
      <Queue
        {...{ c, rows, others, page, last, wanted, teams, assistants, missing }}
        all={all.length}
        count={emails.length}
        results={told.get(formToken, c.req.query("told"))}
        now={world.clock()}
      />,
    );
  });

  app.post("/queue", async (c) => {
    const { session, roles, formToken } = c.var.person;
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    const receipts = [...new Set(form.fields.getAll("receipt"))].slice(0, PAGE);
    const reason = (form.fields.get("reason") ?? "").trim().slice(0, MAX_REASON);
    const results: ToldResult[] = [];
    for (const receipt of receipts) {
      const email = world.deciding.waiting.get(receipt);
      const isMine = email !== undefined && roles.approves.has(email.team);
      // Nothing leaves by a rejection, so it is bound to no digest of what was shown.
      const request = {
        receipt,
        verdict: "reject",
        person: session,
        content: "",
        judgement: "",
        reason,
      } as const;
      const decided = isMine
        ? await decideEmail(request, world.deciding.world)
        : ({ kind: "not_held", reason: "gone" } as const);
      results.push({ receipt, decided });
    }
    await world.deciding.waiting.follow();
    return c.redirect(`/queue?told=${told.add(formToken, results)}`, 303);
  });
  return app;
}

interface Filter {
  readonly team: string;
  readonly assistant: string;
}

function filterOf(c: Context<PageEnv>): Filter {
  return { team: c.req.query("team") ?? "", assistant: c.req.query("assistant") ?? "" };
}

interface QueueProps {
  readonly c: Context<PageEnv>;
  readonly rows: readonly QueueRow[];
  readonly others: ReadonlyMap<string, readonly string[]>;
  readonly page: number;
  readonly last: number;
  /** How many wait, and how many of them pass the filter. */
  readonly all: number;
  readonly count: number;
  readonly wanted: Filter;
  readonly teams: readonly string[];
  readonly assistants: readonly string[];
  readonly missing: readonly { readonly variable: string; readonly teams: readonly string[] }[];
  readonly results: readonly ToldResult[];
  readonly now: number;
}

function Queue(props: QueueProps) {
  const { c, rows, page, last, count, all, wanted, missing, results, now } = props;
  const { person } = c.var;
  const pathOf = (number: number) => `/queue?${new URLSearchParams({ ...wanted, page: String(number) })}`;
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
      {(all > 0 || wanted.team !== "" || wanted.assistant !== "") && <Filters {...props} />}
      {rows.length === 0 ? (
        <Empty title={all === 0 ? "Nothing waits for you" : "Nothing that waits is like that"}>
          <p>
            {all === 0
              ? "When an assistant of your teams writes an email that a person must see, it stands here."
              : `${all} ${all === 1 ? "email waits" : "emails wait"} in your teams altogether.`}
          </p>
        </Empty>
      ) : (
        <form method="post" action="/queue" class="stack">
          <input type="hidden" name="form_token" value={person.formToken} />
          <DataTable
            caption={captionOf(count, { page, rows: rows.length })}
            columns={[
              { label: "Subject" },
              { label: "Written by" },
              { label: "To" },
              { label: "Held because" },
              { label: "Approved" },
              { label: "Waits" },
            ]}
            rows={rows.map((row) => cellsOf(row, props.others.get(row.email.receipt)?.length ?? 0, now))}
          />
          <Pager of="the queue" page={page} hasMore={page < last} pathOf={pathOf} words={PAGER} />
          {rows.some(({ whyNot }) => whyNot === undefined) && <RejectSeveral />}
        </form>
      )}
    </Page>
  );
}

const PAGER = { back: "Older", on: "Newer" } as const;

function captionOf(count: number, { page, rows }: { readonly page: number; readonly rows: number }): string {
  const first = (page - 1) * PAGE + 1;
  const which = count > rows ? `, of which ${first} to ${first + rows - 1} are here` : "";
  return `${count} ${count === 1 ? "email waits" : "emails wait"}${which}`;
}

function Results({ results }: { readonly results: readonly ToldResult[] }) {
  const isDone = ({ decided }: ToldResult) => decided.kind === "decided";
  const done = results.filter(isDone).length;
  return (
    <>
      {done > 0 && (
        <Notice
          tone="ok"
          title={`Rejected ${done} ${done === 1 ? "email" : "emails"}; their assistants are told why`}
        />
      )}
      {results
        .filter((result) => !isDone(result))
        .map(({ receipt, decided }) => (
          <div key={receipt}>
            <p class="small">
              <a href={`/queue/${encodeURIComponent(receipt)}`}>
                <code>{plain(receipt, 80)}</code>
              </a>
            </p>
            <DecidedNotice decided={decided} />
          </div>
        ))}
    </>
  );
}

function Filters({ wanted, teams, assistants }: QueueProps) {
  if (teams.length < 2 && assistants.length < 2) return null;
  return (
    <form class="filter" method="get" action="/queue">
      {(
        [
          ["team", "Team", teams],
          ["assistant", "Assistant", assistants],
        ] as const
      ).map(([name, label, choices]) => (
        <label key={name}>
          {label}
          <select name={name}>
            {["", ...choices].map((choice) => (
              <option key={choice} value={choice} selected={choice === wanted[name]}>
                {choice === "" ? "all" : choice}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button type="submit">Show</button>
    </form>
  );
}

function RejectSeveral() {
  return (
    <Section id="several" title="Reject those that are ticked">
      <label>
        Why? All their assistants read it
        <textarea name="reason" required maxlength={MAX_REASON} />
      </label>
      <p>
        <button type="submit" class="danger">
          Reject the ticked ones
        </button>
      </p>
    </Section>
  );
}

function cellsOf(row: QueueRow, alike: number, now: number) {
  const { email, subject, recipients, rules, whyNot } = row;
  const { receipt, team, assistant, heldAt } = email;
  const shown = subject === undefined ? "(no subject on record)" : plain(subject, 120);
  const rest = recipients.length - NAMED;
  // Those outside are what a reader looks for.
  const named = [...recipients].sort((a, b) => Number(a.isInside) - Number(b.isInside)).slice(0, NAMED);
  return [
    <div class="pick">
      {whyNot === undefined ? (
        <input type="checkbox" name="receipt" value={receipt} aria-label={`Tick ${shown}`} />
      ) : (
        <span class="no-tick" />
      )}
      <div>
        <a href={`/queue/${encodeURIComponent(receipt)}`}>
          <bdi>{shown === "" ? "(empty subject)" : shown}</bdi>
        </a>
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
    <Waits row={row} heldAt={heldAt} now={now} />,
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

function Waits({
  row: { expiresAt },
  heldAt,
  now,
}: {
  readonly row: QueueRow;
  readonly heldAt: number;
  readonly now: number;
}) {
  return (
    <div class="waits">
      {durationText(now - heldAt)}
      {expiresAt !== undefined && (
        <p class="small">
          {expiresAt <= now ? (
            <State tone="bad">expires now</State>
          ) : (
            <State tone={expiresAt - now < SOON_MS ? "bad" : "info"}>
              {`${durationText(expiresAt - now)} left`}
            </State>
          )}
        </p>
      )}
    </div>
  );
}

/** What expires so soon is marked as urgent, in milliseconds. */
const SOON_MS = 2 * 60 * 60_000;
