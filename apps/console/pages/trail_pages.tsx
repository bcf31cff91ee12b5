/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { parseAddress } from "@countersign/core/address";
import {
  findRecords,
  PERSON_KINDS,
  personOf,
  proveRecords,
  RECORD_KINDS,
  type RecordFilter,
  type RecordKind,
  type StoredRecord,
  summarizeRecord,
  type TrailRecord,
} from "@countersign/trail";
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { DataTable } from "../looks/data_table.tsx";
import { Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Pager } from "../looks/pager.tsx";
import { Empty, Notice, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { dayOf } from "./day_of.ts";
import { notFound } from "./not_found.tsx";
import { receiptPages } from "./receipt_pages.tsx";
import { type TrailHealth, trailHealth, trailHealthRoutes } from "./trail_health.tsx";

type Ctx = Context<PageEnv>;

/** So many records are on a page, and so many pages are leafed through: who wants older ones narrows the search. */
const PAGE = 50;
const MAX_PAGE = 200;

/** What can be searched for, as the address has it. */
const FIELDS = [
  "team",
  "assistant",
  "recipient",
  "rule",
  "effect",
  "kind",
  "by",
  "email",
  "since",
  "until",
] as const;

type Field = (typeof FIELDS)[number];

/** The trail, for auditors: search, one receipt as a timeline, proofs, and whether it is whole. */
export function trailPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.use("/trail/*", async (c, next) => (c.var.person.roles.isAuditor ? next() : notFound(c)));

  app.get("/trail", async (c) => {
    const asked = Object.fromEntries(FIELDS.map((name) => [name, c.req.query(name)?.trim() ?? ""])) as Asked;
    const receipt = c.req.query("receipt")?.trim() ?? "";
    if (receipt !== "") return c.redirect(`/trail/${encodeURIComponent(receipt)}`, 303);
    const page = pageOf(c);
    const { filter, problems } = filterOf(asked);
    const found: StoredRecord[] = [];
    if (problems.length === 0) {
      const limit = page * PAGE + 1;
      let passed = 0;
      for await (const stored of findRecords(world.trail, { ...filter, newestFirst: true, limit }))
        if (++passed > (page - 1) * PAGE) found.push(stored);
    }
    const shown = found.slice(0, PAGE).map(({ record }) => record);
    const people = await world.trail.unseal(shown.flatMap((record) => personOf(record) ?? []));
    return sendPage(
      c,
      <TrailPage
        c={c}
        asked={asked}
        problems={problems}
        records={shown}
        people={people}
        page={page}
        hasMore={found.length > PAGE && page < MAX_PAGE}
        health={await trailHealth(world)}
        teams={[...world.policies().teams.keys()].sort()}
      />,
    );
  });
  app.route("/", trailHealthRoutes(world));

  app.get("/trail/:receipt/proof.json", async (c) => {
    const receipt = c.req.param("receipt");
    const records = await world.trail.recordsOf(receipt);
    if (records.length === 0) return notFound(c);
    const proof = await proveRecords(world.trail, records);
    return c.body(`${JSON.stringify(proof, undefined, 2)}\n`, 200, {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="proof_${receipt.replaceAll(/[^\w-]/g, "_").slice(0, 60)}.json"`,
    });
  });
  app.route("/", receiptPages(world));
  return app;
}

type Asked = Readonly<Record<Field, string>>;

function pageOf(c: Ctx): number {
  const text = c.req.query("page") ?? "1";
  return /^[1-9]\d{0,3}$/.test(text) ? Math.min(Number(text), MAX_PAGE) : 1;
}

/** What was asked for, as the trail is asked; problems are sentences for whoever asked. */
function filterOf(asked: Asked): { readonly filter: RecordFilter; readonly problems: readonly string[] } {
  const { team, assistant, recipient, rule, effect, kind, by, email } = asked;
  const problems: string[] = [];
  if (recipient !== "" && !parseAddress(recipient.startsWith("@") ? `x${recipient}` : recipient).ok)
    problems.push(
      "A recipient is an address such as jane@client.example, or @client.example for everybody there",
    );
  const ofIntents = recipient !== "" || rule !== "" || effect !== "";
  if (ofIntents && kind !== "" && kind !== "intent")
    problems.push("Recipient, rule and effect tell intents apart, and find none among other kinds");
  if (by !== "" && ofIntents)
    problems.push("What a person did is no intent: leave recipient, rule and effect out");
  if (by !== "" && kind !== "" && !PERSON_KINDS.includes(kind as RecordKind))
    problems.push(`Kinds that name a person are ${PERSON_KINDS.join(", ")}`);
  const since = dayOf(asked.since, 0);
  const until = dayOf(asked.until, 1);
  const filter: RecordFilter = {
    ...Object.fromEntries(
      Object.entries({ team, assistant, recipient, rule, email, by }).filter(([, text]) => text !== ""),
    ),
    ...((effect === "allow" || effect === "deny") && { effect }),
    ...(RECORD_KINDS.includes(kind as RecordKind) && { kind: kind as RecordKind }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  return { filter, problems };
}

interface TrailPageProps {
  readonly c: Ctx;
  readonly asked: Asked;
  readonly problems: readonly string[];
  readonly records: readonly TrailRecord[];
  readonly people: ReadonlyMap<string, string>;
  readonly page: number;
  readonly hasMore: boolean;
  readonly health: TrailHealth;
  readonly teams: readonly string[];
}

function TrailPage({ c, asked, problems, records, people, page, hasMore, health, teams }: TrailPageProps) {
  const pathOf = (to: number) => {
    const query = new URLSearchParams(Object.entries(asked).filter(([, text]) => text !== ""));
    if (to > 1) query.set("page", String(to));
    return `/trail?${query}`;
  };
  const isAsked = Object.values(asked).some((text) => text !== "");
  return (
    <Page
      title="Trail"
      person={c.var.person}
      current="trail"
      lead="Everything that assistants asked for, what was decided, and what became of it."
      actions={
        <a class="button" href="/trail-health">
          <State tone={health.tone}>{health.words}</State>
        </a>
      }
    >
      <Search asked={asked} teams={teams} />
      {problems.map((problem) => (
        <Notice key={problem} tone="warn" title={problem} />
      ))}
      {records.length === 0 ? (
        <Empty title={isAsked ? "Nothing on record matches" : "The trail is empty"}>
          <p>
            {isAsked
              ? "Leave something out, or look at a longer time."
              : "It begins with the gateway's first start."}
          </p>
        </Empty>
      ) : (
        <DataTable
          caption={`Records ${(page - 1) * PAGE + 1} to ${(page - 1) * PAGE + records.length}, the newest first`}
          columns={[
            { label: "When" },
            { label: "What" },
            { label: "Who" },
            { label: "Receipt" },
            { label: "Record", isNumber: true },
          ]}
          rows={records.map((record) => rowOf(record, people))}
        />
      )}
      <Pager of="the trail" page={page} hasMore={hasMore} pathOf={pathOf} />
    </Page>
  );
}

function rowOf(record: TrailRecord, people: ReadonlyMap<string, string>) {
  const { at, seq, team, assistant, receipt } = record;
  const person = personOf(record);
  const name = person === undefined ? undefined : (people.get(person) ?? "(erased)");
  const whose = team === null ? undefined : `${team}${assistant === null ? "" : `/${assistant}`}`;
  return [
    <Moment at={at} />,
    <span>{plain(summarizeRecord(record), 400)}</span>,
    <span>
      {name === undefined ? whose === undefined && <span class="quiet">–</span> : <bdi>{plain(name)}</bdi>}
      {name !== undefined && whose !== undefined && <span class="quiet"> for </span>}
      {whose !== undefined && plain(whose)}
    </span>,
    receipt === null ? (
      <span class="quiet">–</span>
    ) : (
      <a href={`/trail/${encodeURIComponent(receipt)}`}>
        <code>{plain(receipt, 60)}</code>
      </a>
    ),
    String(seq),
  ];
}

function Search({ asked, teams }: { readonly asked: Asked; readonly teams: readonly string[] }) {
  const text = (name: Field, label: string, placeholder = "") => (
    <label>
      {label}
      <input name={name} value={asked[name]} placeholder={placeholder} maxlength={254} autocomplete="off" />
    </label>
  );
  const choice = (name: Field, label: string, values: readonly string[]) => (
    <label>
      {label}
      <select name={name}>
        {["", ...values].map((value) => (
          <option key={value} value={value} selected={value === asked[name]}>
            {value === "" ? "any" : value}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filter card" method="get" action="/trail" aria-label="Search the trail">
      <label>
        Receipt
        <input name="receipt" placeholder="rcp_…" maxlength={100} autocomplete="off" />
      </label>
      {teams.length <= 200 ? choice("team", "Team", teams) : text("team", "Team")}
      {text("assistant", "Assistant")}
      {text("recipient", "Recipient", "jane@client.example")}
      {choice("kind", "Kind", RECORD_KINDS)}
      {choice("effect", "Decided", ["allow", "deny"])}
      {text("rule", "Rule", "recipients.deny")}
      {text("by", "Done by", "lead@acme.example")}
      {text("email", "MultiMail's id")}
      <label>
        From day
        <input type="date" name="since" value={asked.since} />
      </label>
      <label>
        To day
        <input type="date" name="until" value={asked.until} />
      </label>
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}
