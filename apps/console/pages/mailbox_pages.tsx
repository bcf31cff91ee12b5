/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { TeamPolicy } from "@countersign/core/policy";
import { isReadable } from "@countersign/trail";
import { type MailboxStop, readMailboxStops, recordMailboxCleared } from "@countersign/trail/report";
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { DataTable } from "../looks/data_table.tsx";
import { Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Empty, Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import type { ChannelState } from "../notices/notices.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { notFound } from "./not_found.tsx";
import { NoticeChannels } from "./notice_channels.tsx";

/** A reason is no longer, in characters. */
const MAX_REASON = 1_000;

/** The mailboxes, for operators: which are stopped or drifted, why, and letting one send again. */
export function mailboxPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.use("/mailboxes/*", async (c, next) => (c.var.person.roles.isOperator ? next() : notFound(c)));

  const show = async (c: Context<PageEnv>, problem?: string) => {
    const policies = [...world.policies().teams.values()].sort((a, b) => (a.team < b.team ? -1 : 1));
    const stops = await readMailboxStops(world.trail);
    const drifts = await readDrifts(world);
    return sendPage(
      c,
      <Mailboxes
        {...{ c, policies, stops, drifts, problem }}
        channels={world.notices.channels()}
        now={world.clock()}
      />,
      problem === undefined ? 200 : 400,
    );
  };

  app.get("/mailboxes", (c) => show(c));

  app.post("/mailboxes/:id/clear", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    const stop = (await readMailboxStops(world.trail)).find(({ mailbox }) => mailbox === c.req.param("id"));
    if (stop === undefined)
      return show(c, "This mailbox has no alarm any more: somebody else may have cleared it");
    const reason = (form.fields.get("reason") ?? "").trim();
    if (reason === "" || reason.length > MAX_REASON)
      return show(
        c,
        `A reason of 1 to ${MAX_REASON} characters is needed: what was found, and why it may send again`,
      );
    const by = c.var.person.session.address;
    await recordMailboxCleared(world.trail, stop, { by, reason, now: world.clock() });
    return c.redirect("/mailboxes", 303);
  });
  return app;
}

/** What differs at MultiMail, as the gateway saw it last. */
interface Drift {
  readonly settings: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** By mailbox: what the gateway found last when something changed; absent: it never found a difference. */
async function readDrifts({ trail }: ConsoleWorld): Promise<ReadonlyMap<string, Drift>> {
  const drifts = new Map<string, Drift>();
  for await (const { record } of trail.records({ kind: "drift" })) {
    if (!isReadable(record)) continue;
    const { result, mailbox, settings } = record.data;
    if (result === "differs" || result === "ends") drifts.set(mailbox, { settings, at: record.at });
  }
  return drifts;
}

interface MailboxesProps {
  readonly c: Context<PageEnv>;
  readonly policies: readonly TeamPolicy[];
  readonly stops: readonly MailboxStop[];
  readonly drifts: ReadonlyMap<string, Drift>;
  readonly problem: string | undefined;
  readonly channels: readonly ChannelState[];
  /** Epoch milliseconds. */
  readonly now: number;
}

function Mailboxes({ c, policies, stops, drifts, problem, channels, now }: MailboxesProps) {
  const stopOf = (id: string) => stops.find(({ mailbox }) => mailbox === id);
  const rows = policies.map(({ team, mailbox, oversight }) => {
    const drift = drifts.get(mailbox.id);
    return [
      team,
      <bdi>{plain(mailbox.address, 254)}</bdi>,
      oversight.replace("_", " "),
      <Standing stop={stopOf(mailbox.id)} drift={drift} />,
      drift === undefined ? <span class="quiet">–</span> : <Moment at={drift.at} />,
    ];
  });
  return (
    <Page
      title="Mailboxes"
      person={c.var.person}
      current="mailboxes"
      lead="A mailbox sends only while it is, at MultiMail, what its policy declares, and nothing that left it differed from what was authorised."
    >
      {problem !== undefined && <Notice tone="bad" title={problem} />}
      {stops.map((stop) => (
        <Alarm key={stop.mailbox} c={c} stop={stop} policies={policies} />
      ))}
      {rows.length === 0 ? (
        <Empty title="No team has a mailbox" />
      ) : (
        <DataTable
          caption={`${rows.length} ${rows.length === 1 ? "mailbox" : "mailboxes"}, as the gateways saw them last`}
          columns={[
            { label: "Team" },
            { label: "Address" },
            { label: "Oversight" },
            { label: "State" },
            { label: "Changed" },
          ]}
          rows={rows}
        />
      )}
      <NoticeChannels channels={channels} now={now} />
    </Page>
  );
}

function Standing({
  stop,
  drift,
}: {
  readonly stop: MailboxStop | undefined;
  readonly drift: Drift | undefined;
}) {
  if (stop?.data.result === "stopped") return <State tone="bad">stopped</State>;
  if (drift !== undefined && drift.settings.length > 0)
    return (
      <span class="chip">
        <State tone="warn">differs</State>
        <span class="small">{plain(drift.settings.join(", "), 300)}</span>
      </span>
    );
  if (stop !== undefined) return <State tone="warn">alarm</State>;
  return <State tone="ok">as declared</State>;
}

function Alarm({
  c,
  stop,
  policies,
}: {
  readonly c: Context<PageEnv>;
  readonly stop: MailboxStop;
  readonly policies: readonly TeamPolicy[];
}) {
  const { mailbox, data, record } = stop;
  const address = policies.find((policy) => policy.mailbox.id === mailbox)?.mailbox.address ?? mailbox;
  const isStopped = data.result === "stopped";
  const id = `alarm-${record.seq}`;
  return (
    <Section
      id={id}
      title={`${plain(address, 254)} of team ${plain(record.team ?? "–")}`}
      aside={<Moment at={record.at} />}
    >
      <Notice
        tone={isStopped ? "bad" : "warn"}
        title={
          isStopped
            ? "It sends nothing: an email at MultiMail was not what was authorised"
            : "Somebody who is no approver of the team decided on its email at MultiMail; it goes on sending"
        }
      >
        <p>
          {isStopped &&
            data.settings.length > 0 &&
            `What differed: ${plain(data.settings.join(", "), 300)}. `}
          {data.because !== null && (
            <>
              Receipt <code>{plain(data.because, 60)}</code>.
            </>
          )}
        </p>
      </Notice>
      <form method="post" action={`/mailboxes/${encodeURIComponent(mailbox)}/clear`} class="stack">
        <input type="hidden" name="form_token" value={c.var.person.formToken} />
        <label>
          What was found, and why may it send again?
          <textarea name="reason" required maxlength={MAX_REASON} />
        </label>
        <button type="submit">{isStopped ? "Let it send again" : "End the alarm"}</button>
      </form>
    </Section>
  );
}
