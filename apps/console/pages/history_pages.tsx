/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { csvCell } from "@countersign/trail/export";
import { type Context, Hono } from "hono";
import { stream } from "hono/streaming";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { DataTable } from "../looks/data_table.tsx";
import { durationText, Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { TeamFilter } from "../looks/team_filter.tsx";
import { maySee } from "../people/roles.ts";
import { type Decision, type DecisionsOptions, decisions } from "./decisions.ts";
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
];

function optionsOf(c: Context<PageEnv>): DecisionsOptions {
  const team = c.req.query("team") ?? "";
  return { roles: c.var.person.roles, ...(team !== "" && { team }) };
}

interface HistoryProps {
  readonly c: Context<PageEnv>;
  readonly teams: readonly string[];
  readonly found: readonly Decision[];
  readonly page: number;
  readonly hasMore: boolean;
}

function History({ c, teams, found, page, hasMore }: HistoryProps) {
  const team = c.req.query("team") ?? "";
  const query = (more: Readonly<Record<string, string>>) =>
    String(new URLSearchParams(Object.entries({ team, ...more }).filter(([, text]) => text !== "")));
  return (
    <Page
      title="History"
      person={c.var.person}
      current="history"
      lead="Who decided on email that waited, and how long it had waited."
      actions={
        <a class="button" href={`/history.csv?${query({})}`} download>
          Download as CSV
        </a>
      }
    >
      <TeamFilter action="/history" teams={teams} team={team} />
      {found.length === 0 ? (
        <Empty title="Nobody has decided on anything yet">
          <p>Here stands what people approved and rejected, in the console or at MultiMail.</p>
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

function rowOf(
  c: Context<PageEnv>,
  { at, event, by, decidedBy, reason, team, assistant, receipt, waitedMs }: Decision,
) {
  const code = <code>{plain(receipt, 60)}</code>;
  return [
    <Moment at={at} />,
    <span>
      <State tone={event === "approved" ? "ok" : "bad"}>{event}</State>
      {reason !== undefined && <span class="small"> {plain(reason, 300)}</span>}
    </span>,
    <span>
      {by == null ? (
        <span class="quiet">{by === null ? "(erased)" : "nobody is named"}</span>
      ) : (
        <bdi>{plain(by, 254)}</bdi>
      )}{" "}
      {decidedBy === "other" && <State tone="bad">no approver of the team</State>}
      {decidedBy === "unknown" && by !== undefined && (
        <span class="quiet small">the account at MultiMail</span>
      )}
    </span>,
    `${team}${assistant === null ? "" : `/${assistant}`}`,
    c.var.person.roles.isAuditor ? <a href={`/trail/${encodeURIComponent(receipt)}`}>{code}</a> : code,
    waitedMs === undefined ? "–" : durationText(waitedMs),
  ];
}
