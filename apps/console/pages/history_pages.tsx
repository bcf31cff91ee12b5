/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { csvCell } from "@countersign/trail/export";
import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { DataTable } from "../looks/data_table.tsx";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, State, type Tone } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { maySee } from "../people/roles.ts";
import { dayOf } from "./day_of.ts";
import { type DecidedEvent, type Decision, type DecisionsOptions, decisions } from "./decisions.ts";
import { notFound } from "./not_found.tsx";

/** So many decisions are on a page, and so many pages are leafed through. */
const PAGE = 50;
const MAX_PAGE = 100;

/** Who decided what, when, and how fast: for auditors, and for approvers of their teams. */
export function historyPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  for (const path of ["/history", "/history.csv"])
    app.use(path, async (c, next) => {
      const { isAuditor, approves } = c.var.person.roles;
      return isAuditor || approves.size > 0 ? next() : notFound(c);
    });

  app.get("/history", async (c) => {
    const page = Math.min(MAX_PAGE, Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1));
    const found: Decision[] = [];
    let passed = 0;
    for await (const decision of decisions(world, optionsOf(c))) {
      if (++passed <= (page - 1) * PAGE) continue;
      found.push(decision);
      if (found.length > PAGE) break;
    }
    const teams = [...world.policies().teams.keys()]
      .filter((team) => maySee(c.var.person.roles, team))
      .sort();
    return sendPage(
      c,
      <History
        c={c}
        teams={teams}
        found={found.slice(0, PAGE)}
        page={page}
        hasMore={found.length > PAGE && page < MAX_PAGE}
      />,
    );
  });

  app.get("/history.csv", (c) => {
    c.header("Content-Type", "text/csv; charset=utf-8");
    c.header("Content-Disposition", 'attachment; filename="decisions.csv"');
    const options = optionsOf(c);
    return stream(c, async (out) => {
      await out.write(`${CSV.map(([name]) => name).join()}\r\n`);
      for await (const decision of decisions(world, options)) {
        if (out.aborted) return;
        await out.write(`${CSV.map(([, cell]) => csvCell(cell(decision))).join()}\r\n`);
      }
    });
  });
  return app;
}

const CSV: readonly (readonly [string, (decision: Decision) => string | number | null])[] = [
  ["decided_at", ({ at }) => new Date(at).toISOString()],
  ["team", ({ team }) => team],
  ["assistant", ({ assistant }) => assistant],
  ["receipt", ({ receipt }) => receipt],
  ["decision", ({ event }) => event],
  ["by", ({ by }) => (by === null ? "(erased)" : (by ?? null))],
  ["by_whom", ({ decidedBy }) => decidedBy ?? null],
  ["reason", ({ reason }) => reason ?? null],
  ["waited_seconds", ({ waitedMs }) => (waitedMs === undefined ? null : Math.round(waitedMs / 1000))],
  ["where", ({ where }) => where],
  ["signed", ({ isSigned }) => (isSigned === undefined ? null : isSigned ? "yes" : "no")],
  ["counts", ({ counts }) => counts ?? null],
  ["stands_for", ({ standsFor }) => standsFor ?? null],
  ["signed_in_by", ({ auth }) => auth ?? null],
  ["incoming", ({ isIncoming }) => (isIncoming ? "yes" : "no")],
  ["alarm", ({ alarm }) => alarm ?? null],
];

const EVENTS: Readonly<Record<DecidedEvent, string>> = {
  approved: "approved",
  rejected: "rejected",
  changes_asked: "changes asked for",
  expired: "expired",
};

const WHERE: Readonly<Record<Decision["where"], string>> = {
  console: "in the console",
  elsewhere: "at MultiMail",
  gateway: "by nobody, in time",
};

/** What the history is filtered by: parameters of its address. */
const FIELDS = ["team", "event", "where", "by", "since", "until"] as const;
type Field = (typeof FIELDS)[number];

/** No address, and no team's name, is longer. */
const MAX_TEXT = 254;

type Asked = Readonly<Record<Field, string>>;

function askedIn(c: Context<PageEnv>): Asked {
  const texts = FIELDS.map((name) => [name, (c.req.query(name) ?? "").slice(0, MAX_TEXT)]);
  return Object.fromEntries(texts) as Asked;
}

function optionsOf(c: Context<PageEnv>): DecisionsOptions {
  const { team, by, ...asked } = askedIn(c);
  const event = keyOf(EVENTS, asked.event);
  const where = keyOf(WHERE, asked.where);
  const since = dayOf(asked.since, 0);
  const until = dayOf(asked.until, 1);
  return {
    roles: c.var.person.roles,
    ...(team !== "" && { team }),
    ...(by !== "" && { by }),
    ...(event !== undefined && { event }),
    ...(where !== undefined && { where }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function keyOf<Key extends string>(table: Readonly<Record<Key, string>>, text: string): Key | undefined {
  return (Object.keys(table) as Key[]).find((key) => key === text);
}

interface HistoryProps {
  readonly c: Context<PageEnv>;
  readonly teams: readonly string[];
  readonly found: readonly Decision[];
  readonly page: number;
  readonly hasMore: boolean;
}

function History({ c, teams, found, page, hasMore }: HistoryProps) {
  const asked = askedIn(c);
  const query = (more: Readonly<Record<string, string>> = {}) =>
    String(new URLSearchParams(Object.entries({ ...asked, ...more }).filter(([, text]) => text !== "")));
  const isAsked = Object.values(asked).some((text) => text !== "");
  return (
    <Page
      title="History"
      person={c.var.person}
      current="history"
      lead="Who decided on email that waited, where, and how long it had waited."
      actions={
        <a class="button" href={`/history.csv?${query()}`} download>
          Download as CSV
        </a>
      }
    >
      <Filters asked={asked} teams={teams} />
      {found.length === 0 ? (
        <Empty title={isAsked ? "No decision is like that" : "Nobody has decided on anything yet"}>
          <p>
            {isAsked ? (
              <a href="/history">Show all</a>
            ) : (
              "Here stands what people approved and rejected, in the console or at MultiMail."
            )}
          </p>
        </Empty>
      ) : (
        <DataTable
          caption="Decisions, the newest first"
          columns={[
            { label: "When" },
            { label: "Decision" },
            { label: "By" },
            { label: "Team" },
            { label: "Receipt" },
            { label: "Waited", isNumber: true },
          ]}
          rows={found.map((decision) => rowOf(c, decision))}
        />
      )}
      <Pager
        of="the history"
        page={page}
        hasMore={hasMore}
        pathOf={(to) => `/history?${query({ page: String(to) })}`}
      />
    </Page>
  );
}

function Filters({ asked, teams }: { readonly asked: Asked; readonly teams: readonly string[] }) {
  const choice = (name: Field, label: string, values: readonly (readonly [string, string])[]) => (
    <label>
      {label}
      <select name={name}>
        {[["", "all"] as const, ...values].map(([value, words]) => (
          <option key={value} value={value} selected={value === asked[name]}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filter" method="get" action="/history">
      {teams.length > 1 &&
        choice(
          "team",
          "Team",
          teams.map((team) => [team, team]),
        )}
      {choice("event", "Decision", Object.entries(EVENTS))}
      {choice("where", "Where", Object.entries(WHERE))}
      <label>
        By
        <input name="by" value={asked.by} maxlength={MAX_TEXT} autocomplete="off" />
      </label>
      <label>
        From day
        <input type="date" name="since" value={asked.since} />
      </label>
      <label>
        To day
        <input type="date" name="until" value={asked.until} />
      </label>
      <button type="submit">Show</button>
    </form>
  );
}

const TONES: Readonly<Record<DecidedEvent, Tone>> = {
  approved: "ok",
  rejected: "bad",
  changes_asked: "warn",
  expired: "info",
};

function rowOf(c: Context<PageEnv>, decision: Decision) {
  const { at, event, reason, team, assistant, receipt, waitedMs, counts, isIncoming, alarm } = decision;
  const code = <code>{plain(receipt, 60)}</code>;
  return [
    <Moment at={at} />,
    <div class="stack tight">
      <p>
        <State tone={TONES[event]}>{isIncoming && event === "approved" ? "released" : EVENTS[event]}</State>
        {counts !== undefined && <span class="small"> {counts}</span>}
        {isIncoming && <span class="quiet small"> received email</span>}
      </p>
      {reason !== undefined && (
        <p class="small" dir="auto">
          {plain(reason, 300)}
        </p>
      )}
      {alarm !== undefined && (
        <p class="small">
          <State tone="bad">{alarm}</State>
        </p>
      )}
    </div>,
    <By decision={decision} />,
    <span class="word">{`${team}${assistant === null ? "" : `/${assistant}`}`}</span>,
    c.var.person.roles.isAuditor ? <a href={`/trail/${encodeURIComponent(receipt)}`}>{code}</a> : code,
    waitedMs === undefined ? "–" : durationText(waitedMs),
  ];
}

function By({
  decision: { by, where, decidedBy, isSigned, standsFor, auth },
}: {
  readonly decision: Decision;
}) {
  if (where === "gateway") return <span class="quiet">nobody, in time</span>;
  return (
    <div class="stack tight">
      <p>
        {by == null ? (
          <span class="quiet">{by === null ? "(erased)" : "nobody is named"}</span>
        ) : (
          <bdi>{plain(by, 254)}</bdi>
        )}
        {standsFor !== undefined && (
          <>
            {" for "}
            <bdi>{plain(standsFor, 254)}</bdi>
          </>
        )}
      </p>
      {isSigned === true && (
        <p class="small">
          <State tone="ok">verified</State>
          {auth === "link" && <span class="quiet"> signed in by a link</span>}
        </p>
      )}
      {where === "elsewhere" && (
        <p class="small">
          <State tone={decidedBy === "other" ? "bad" : "warn"}>at MultiMail, past the console</State>
          {decidedBy === "unknown" && by != null && <span class="quiet"> the account there</span>}
        </p>
      )}
    </div>
  );
}
