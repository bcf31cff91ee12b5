/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { setImmediate as nextTick } from "node:timers/promises";
import type { RecordKind, StoredRecord, TrailFilter, TrailStore } from "@countersign/trail";
import {
  type EmailMeasure,
  type EmailReport,
  emailReports,
  type TeamReport,
} from "@countersign/trail/report";
import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { Bars, Columns } from "../looks/charts.tsx";
import { type Column, DataTable } from "../looks/data_table.tsx";
import { durationText, shortDay } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Empty, Section } from "../looks/parts.tsx";
import { sendPage } from "../looks/send_page.ts";
import { TeamFilter } from "../looks/team_filter.tsx";
import { maySee } from "../people/roles.ts";
import { notFound } from "./not_found.tsx";

const WEEKS = 8;
const WEEK_MS = 7 * 86_400_000;

/** A Monday, 00:00 UTC. */
const MONDAY = Date.parse("2026-01-05T00:00:00Z");

/** Figures are read from the trail again when they are older, in milliseconds. */
const FRESH_MS = 30_000;

/** So many records are read before others get their turn. */
const BREATH = 500;

/** A week and what happened in it, of the teams that are shown. */
interface Week {
  readonly since: number;
  readonly teams: readonly TeamReport[];
}

/** Email, denials and waiting time by team and week: for auditors, and for leads of their teams. */
export function figurePages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  let known:
    | { readonly since: number; readonly at: number; readonly reports: Promise<readonly EmailReport[]> }
    | undefined;

  const weeks = async (): Promise<readonly Omit<Week, "report">[]> => {
    const now = world.clock();
    const last = MONDAY + Math.floor((now - MONDAY) / WEEK_MS) * WEEK_MS;
    const spans = Array.from({ length: WEEKS }, (_, index) => {
      const since = last - (WEEKS - 1 - index) * WEEK_MS;
      return { since, until: since + WEEK_MS };
    });
    if (known === undefined || known.since !== last || now - known.at > FRESH_MS)
      known = { since: last, at: now, reports: emailReports(breathing(world.trail), { spans }) };
    try {
      const reports = await known.reports;
      return spans.map(({ since }, index) => ({ since, teams: reports[index]?.teams ?? [] }));
    } catch (error) {
      known = undefined;
      throw error;
    }
  };

  app.get("/figures", async (c) => {
    const { roles } = c.var.person;
    if (!roles.isAuditor && roles.approves.size === 0) return notFound(c);
    const all = await weeks();
    const seen = new Set(all.flatMap(({ teams }) => teams.map(({ team }) => team)));
    const teams = [...seen].filter((team) => maySee(roles, team)).sort();
    const team = c.req.query("team") ?? "";
    const shown = team === "" ? teams : teams.filter((name) => name === team);
    const of = all.map(({ since, teams: reports }) => ({
      since,
      teams: reports.filter((report) => shown.includes(report.team)),
    }));
    return sendPage(c, <Figures c={c} weeks={of} teams={teams} shown={shown} team={team} />);
  });
  return app;
}

/** Lets others have their turn while much is read. */
function breathing(trail: TrailStore): Pick<TrailStore, "records"> {
  return {
    records: async function* records<Kind extends RecordKind>(
      filter?: TrailFilter & { readonly kind?: Kind },
    ): AsyncGenerator<StoredRecord<Kind>> {
      let count = 0;
      for await (const record of trail.records(filter)) {
        if (++count % BREATH === 0) await nextTick();
        yield record;
      }
    },
  };
}

interface FiguresProps {
  readonly c: Context<PageEnv>;
  readonly weeks: readonly Week[];
  /** That the person may see, and that asked for anything. */
  readonly teams: readonly string[];
  readonly shown: readonly string[];
  /** That was chosen; empty: all. */
  readonly team: string;
}

function Figures({ c, weeks, teams, shown, team }: FiguresProps) {
  const sum = (name: EmailMeasure) => weeks.reduce((total, week) => total + sumOf(week, name), 0);
  const first = weeks[0]?.since ?? 0;
  return (
    <Page
      title="Figures"
      person={c.var.person}
      current="figures"
      lead={`Email that was asked for in the eight weeks since ${shortDay(new Date(first))}, and what became of it until now.`}
    >
      <TeamFilter action="/figures" teams={teams} team={team} />
      {shown.length === 0 ? (
        <Empty title="Nothing was asked for in these weeks" />
      ) : (
        <>
          <dl class="numbers">
            {(["asked", "left", "held", "denied", "bounced", "open"] as const).map((name) => (
              <div key={name}>
                <dt>{WORDS[name]}</dt>
                <dd>{sum(name).toLocaleString("en-US")}</dd>
              </div>
            ))}
          </dl>
          <Emails weeks={weeks} />
          <div class="columns even">
            <Denials weeks={weeks} />
            <Waiting weeks={weeks} shown={shown} />
          </div>
        </>
      )}
    </Page>
  );
}

const WORDS = {
  asked: "asked for",
  left: "left",
  held: "held for a person",
  denied: "denied",
  bounced: "bounced",
  open: "open",
} as const;

function sumOf({ teams }: Week, name: EmailMeasure): number {
  return teams.reduce((total, { emails }) => total + emails[name], 0);
}

/** `23 Nov` */
function dayText(since: number): string {
  return shortDay(new Date(since)).replace(/ \d+$/, "");
}

function Behind({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly (readonly Child[])[];
}) {
  return (
    <details>
      <summary>The numbers as a table</summary>
      <DataTable caption={caption} isCaptionHidden columns={columns} rows={rows} />
    </details>
  );
}

function Emails({ weeks }: Pick<FiguresProps, "weeks">) {
  const other = (week: Week) =>
    Math.max(0, sumOf(week, "asked") - sumOf(week, "left") - sumOf(week, "denied"));
  return (
    <Section id="emails" title="Email by week">
      <Columns
        label="Email by week: what left, what waits or did not leave, and what was denied"
        parts={[
          { name: "left", shade: "one" },
          { name: "waits, or did not leave", shade: "two" },
          { name: "denied", shade: "three" },
        ]}
        columns={weeks.map((week) => ({
          label: dayText(week.since),
          values: [sumOf(week, "left"), other(week), sumOf(week, "denied")],
        }))}
      />
      <Behind
        caption="Email by week"
        columns={[
          { label: "Week from" },
          { label: "Asked for", isNumber: true },
          { label: "Left", isNumber: true },
          { label: "Held", isNumber: true },
          { label: "Denied", isNumber: true },
        ]}
        rows={weeks.map((week) => [
          dayText(week.since),
          ...(["asked", "left", "held", "denied"] as const).map((name) => String(sumOf(week, name))),
        ])}
      />
    </Section>
  );
}

/** More rules than these are in the table only. */
const MAX_BARS = 12;

function Denials({ weeks }: Pick<FiguresProps, "weeks">) {
  const counts = new Map<string, number>();
  for (const { teams } of weeks)
    for (const { denials } of teams)
      for (const [rule, count] of Object.entries(denials)) counts.set(rule, (counts.get(rule) ?? 0) + count);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return (
    <Section id="denials" title="Denials by rule">
      {sorted.length === 0 ? (
        <p class="quiet">Nothing was denied.</p>
      ) : (
        <>
          <Bars
            label="How many requests each rule denied"
            bars={sorted.slice(0, MAX_BARS).map(([name, value]) => ({ name, value }))}
          />
          <Behind
            caption="Denials by rule"
            columns={[{ label: "Rule" }, { label: "Requests", isNumber: true }]}
            rows={sorted.map(([rule, count]) => [<code>{rule}</code>, String(count)])}
          />
          <p class="quiet small">A request that several rules deny counts for each.</p>
        </>
      )}
    </Section>
  );
}

function Waiting({ weeks, shown }: Pick<FiguresProps, "weeks" | "shown">) {
  const medianOf = (week: Week, team: string) =>
    week.teams.find((report) => report.team === team)?.approvals.wait_seconds?.median;
  const [only] = shown;
  const isAny = weeks.some((week) => shown.some((team) => medianOf(week, team) !== undefined));
  const hours = (seconds: number) => (seconds === 0 ? "0" : durationText(seconds * 1000));
  return (
    <Section id="waiting" title="Waiting time">
      {!isAny ? (
        <p class="quiet">Nobody decided on any email.</p>
      ) : (
        <>
          {shown.length === 1 && only !== undefined ? (
            <Columns
              label={`How long email of team ${only} waited for a decision, by week: the median`}
              parts={[{ name: "median", shade: "one" }]}
              columns={weeks.map((week) => ({
                label: dayText(week.since),
                values: [medianOf(week, only) ?? 0],
              }))}
              format={hours}
            />
          ) : (
            <Bars
              label="How long email of each team waited for a decision: the slowest week's median"
              bars={shown
                .map((team) => ({
                  name: team,
                  value: Math.max(0, ...weeks.map((week) => medianOf(week, team) ?? 0)),
                }))
                .filter(({ value }) => value > 0)
                .sort((a, b) => b.value - a.value)
                .slice(0, MAX_BARS)}
              format={hours}
            />
          )}
          <Behind
            caption="Median waiting time by team and week"
            columns={[
              { label: "Team" },
              ...weeks.map(({ since }) => ({ label: dayText(since), isNumber: true })),
            ]}
            rows={shown.map((team) => [
              team,
              ...weeks.map((week) => {
                const median = medianOf(week, team);
                return median === undefined ? "–" : durationText(median * 1000);
              }),
            ])}
          />
          <p class="quiet small">
            The median of a week: half of its email was decided on faster.{" "}
            {shown.length > 1 && "Of each team, the slowest week is shown."}
          </p>
        </>
      )}
    </Section>
  );
}
