/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import {
  accessEntry,
  type Commitment,
  type IntentData,
  isOf,
  isReadable,
  namedCommitments,
  type Shown,
  type StoredRecord,
  shownOf,
  type TrailRecord,
} from "@countersign/trail";
import { type LinesAround, PolicyLines } from "@countersign/trail/report";
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { Finding } from "../looks/finding.tsx";
import { InertText } from "../looks/inert_text.tsx";
import { Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Notice, Section } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { downloadResponse, filesOf } from "./email_files.ts";
import { notFound } from "./not_found.tsx";

/** A reason is no longer, in characters. */
const MAX_REASON = 1_000;

/** So many lines of the policy are shown around the one that decided. */
const AROUND = 2;

/** One receipt as a timeline, for auditors; its body once who asked and why is on record. */
export function receiptPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();

  const show = async (c: Context<PageEnv>, records: readonly StoredRecord[], asked?: Asked) =>
    sendPage(
      c,
      <ReceiptPage c={c} {...(await read(world, records, asked?.isGranted === true))} asked={asked} />,
    );

  app.get("/trail/:receipt", async (c) => {
    const records = await world.trail.recordsOf(c.req.param("receipt"));
    return records.length === 0 ? notFound(c) : show(c, records);
  });

  app.post("/trail/:receipt/body", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    const receipt = c.req.param("receipt");
    const records = await world.trail.recordsOf(receipt);
    const [first] = records;
    if (first === undefined) return notFound(c);
    const reason = (form.fields.get("reason") ?? "").trim();
    if (reason === "" || reason.length > MAX_REASON)
      return show(c, records, { problem: `A reason of 1 to ${MAX_REASON} characters is needed` });
    const { team, assistant } = first.record;
    const by = c.var.person.session.address;
    // Durable before anything is shown.
    await world.trail.append(
      accessEntry(
        { result: "granted", asked: "bodies", over: "console", by, reason },
        { at: world.clock(), team, assistant, receipt },
      ),
    );
    return show(c, await world.trail.recordsOf(receipt), { isGranted: true });
  });

  app.post("/trail/:receipt/file", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    const receipt = c.req.param("receipt");
    const records = await world.trail.recordsOf(receipt);
    const intent = records.find(isOf("intent"))?.record;
    const number = Number(form.fields.get("number") ?? "");
    const data = intent?.data;
    if (intent === undefined || data?.attachments[number - 1] === undefined) return notFound(c);
    const reason = (form.fields.get("reason") ?? "").trim();
    if (reason === "" || reason.length > MAX_REASON)
      return show(c, records, { problem: `A reason of 1 to ${MAX_REASON} characters is needed` });
    const { team, assistant } = intent;
    const by = c.var.person.session.address;
    // Durable before anything is shown.
    await world.trail.append(
      accessEntry(
        { result: "granted", asked: "bodies_and_attachments", over: "console", by, reason },
        { at: world.clock(), team, assistant, receipt },
      ),
    );
    const { name, content } = data.attachments[number - 1] ?? { name: "", content: "" };
    const file = filesOf(data, await world.trail.unseal([name, content]))[number - 1];
    return file?.bytes === undefined ? notFound(c) : downloadResponse(file);
  });
  return app;
}

/** What came of asking for the body. */
interface Asked {
  readonly isGranted?: true;
  readonly problem?: string;
}

/** What is known of a receipt. */
interface Found {
  readonly records: readonly TrailRecord[];
  readonly values: ReadonlyMap<Commitment, string>;
  readonly lines: ReadonlyMap<string, LinesAround>;
}

/** Bodies and files stay sealed unless they may be seen; files always do. */
async function read(
  { trail }: ConsoleWorld,
  stored: readonly StoredRecord[],
  withBodies: boolean,
): Promise<Found> {
  const records = stored.map(({ record }) => record);
  const hidden = withBodies ? ["attachment"] : ["attachment", "body"];
  const commitments = records
    .flatMap(({ kind, data }) => namedCommitments(kind, data))
    .filter(({ kinds }) => !kinds.some((kind) => hidden.includes(kind)))
    .map(({ commitment }) => commitment);
  const source = new PolicyLines(trail);
  const lines = new Map<string, LinesAround>();
  for (const record of records)
    for (const { where } of findingsOf(record)) {
      const around = where === null ? undefined : await source.linesAround(record.policy, where, AROUND);
      if (around !== undefined) lines.set(`${record.seq} ${where}`, around);
    }
  return { records, values: await trail.unseal(commitments), lines };
}

function findingsOf(record: TrailRecord): IntentData["findings"] {
  if (!isReadable(record)) return [];
  if (record.kind === "intent") return record.data.findings;
  return record.kind === "lifecycle" && record.data.event !== "unknown" ? (record.data.findings ?? []) : [];
}

interface ReceiptPageProps extends Found {
  readonly c: Context<PageEnv>;
  readonly asked: Asked | undefined;
}

function ReceiptPage({ c, records, values, lines, asked }: ReceiptPageProps) {
  const [first] = records;
  const receipt = first?.receipt ?? "";
  const path = `/trail/${encodeURIComponent(receipt)}`;
  const whose =
    first?.team == null ? "" : `${first.team}${first.assistant === null ? "" : `/${first.assistant}`}`;
  const intent = records.find((record) => record.kind === "intent" && record.data.body !== null);
  return (
    <Page
      title={plain(receipt, 80)}
      person={c.var.person}
      current="trail"
      lead={plain(whose)}
      actions={
        <>
          <a class="button" href={`${path}/proof.json`} download>
            Download proof
          </a>
          <a class="button" href="/trail">
            Back to the trail
          </a>
        </>
      }
    >
      <div class="columns two">
        <ol class="timeline">
          {records.map((record) => (
            <li key={record.seq}>
              <Entry
                record={record}
                shown={shownOf(record, { values, lineAt: () => undefined })}
                lines={lines}
              />
            </li>
          ))}
        </ol>
        {intent !== undefined && (
          <div class="stack">
            {asked?.isGranted ? (
              <Section id="body" title="Body, as it was asked for">
                <Body intent={intent} values={values} />
                <p class="quiet small">That you read it, when and why is on record.</p>
              </Section>
            ) : (
              <Section id="body" title="Body">
                {asked?.problem !== undefined && <Notice tone="bad" title={asked.problem} />}
                <p>Reading it goes on record: who you are, when, and the reason that you give.</p>
                <form method="post" action={`${path}/body`} class="stack">
                  <input type="hidden" name="form_token" value={c.var.person.formToken} />
                  <label>
                    Why must it be read?
                    <textarea name="reason" required maxlength={MAX_REASON} />
                  </label>
                  <button type="submit">Show the body</button>
                </form>
              </Section>
            )}
            <Files c={c} intent={intent} values={values} path={path} />
          </div>
        )}
      </div>
    </Page>
  );
}

/** Which files went with it, and a form that hands one out once who asks, and why, is on record. */
function Files({
  c,
  intent,
  values,
  path,
}: {
  readonly c: Context<PageEnv>;
  readonly intent: TrailRecord;
  readonly values: ReadonlyMap<Commitment, string>;
  readonly path: string;
}) {
  const attachments = intent.kind === "intent" ? intent.data.attachments : [];
  if (attachments.length === 0) return null;
  return (
    <Section id="files" title={attachments.length === 1 ? "1 file" : `${attachments.length} files`}>
      <p>Downloading one goes on record: who you are, when, and the reason that you give.</p>
      <form method="post" action={`${path}/file`} class="stack">
        <input type="hidden" name="form_token" value={c.var.person.formToken} />
        <label>
          Which file
          <select name="number">
            {attachments.map(({ name, content_type, bytes }, index) => (
              <option key={index} value={String(index + 1)}>
                {`${plain(values.get(name) ?? "(erased)", 80)} (${plain(content_type, 80)}, ${bytes} bytes)`}
              </option>
            ))}
          </select>
        </label>
        <label>
          Why must this file be read?
          <textarea name="reason" required maxlength={MAX_REASON} />
        </label>
        <button type="submit">Download the file</button>
      </form>
    </Section>
  );
}

function Body({
  intent,
  values,
}: {
  readonly intent: TrailRecord;
  readonly values: ReadonlyMap<Commitment, string>;
}) {
  const text =
    intent.kind === "intent" && intent.data.body !== null ? values.get(intent.data.body) : undefined;
  if (text === undefined) return <Notice tone="info" title="It was erased" />;
  return <InertText label="The email's text" text={text} />;
}

const TITLES: Readonly<Record<string, string>> = {
  intent: "Asked and decided",
  outcome: "What MultiMail answered",
  lifecycle: "What became of it",
  notice: "People were told that email waits",
  readback: "Read back from MultiMail",
  access: "Somebody asked for the body",
};

function Entry({
  record,
  shown,
  lines,
}: {
  readonly record: TrailRecord;
  readonly shown: Shown;
  readonly lines: ReadonlyMap<string, LinesAround>;
}) {
  const { seq, at, kind } = record;
  const findings = findingsOf(record);
  return (
    <>
      <div class="timeline-head">
        <h2>{TITLES[kind] ?? kind}</h2>
        <span class="quiet small">
          <Moment at={at} /> · record {seq}
        </span>
      </div>
      <div class="card stack">
        <dl class="facts">
          {shown.facts
            .filter(([name]) => findings.length === 0 || name !== "findings")
            .map(([name, value], index) => (
              <>
                <dt key={index}>{plain(name.replaceAll("_", " "))}</dt>
                <dd>
                  <bdi>{plain(value, 1_000)}</bdi>
                </dd>
              </>
            ))}
        </dl>
        {findings.map((finding, index) => (
          <Finding key={index} {...finding} around={lines.get(`${seq} ${finding.where}`)} />
        ))}
      </div>
    </>
  );
}
