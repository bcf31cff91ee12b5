/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Verdict } from "@countersign/core/approval";
import { receiptState, shownCommitments } from "@countersign/lifecycle";
import { MultiMailError } from "@countersign/multimail";
import { isOf, type StoredRecord } from "@countersign/trail";
import { type LinesAround, PolicyLines } from "@countersign/trail/report";
import { type Context, Hono } from "hono";
import { gatherBeside } from "../beside/gather_beside.ts";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { decideEmail, MAX_REASON } from "../deciding/decide_email.ts";
import { type HeldEmail, type NotHeld, readHeldEmail } from "../deciding/held_email.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { fileResponse, filesOf, inertResponse } from "./email_files.ts";
import { historyOf } from "./email_history.tsx";
import { lookResponse } from "./email_look.ts";
import { EmailView } from "./email_view.tsx";
import { keepOne } from "./keep_one.ts";
import { notFound } from "./not_found.tsx";
import { PastView } from "./past_view.tsx";
import { keepTold, toldTo } from "./told_results.ts";

/** So many lines of the policy are shown around the one that decided. */
const AROUND = 2;

/** No receipt is longer. */
const MAX_RECEIPT = 100;

/** One email that waits, with everything that a decision is made on; and deciding on it. */
export function emailPages(world: ConsoleWorld): Hono<PageEnv> {
  const { trail, deciding, clock } = world;
  const app = new Hono<PageEnv>();

  app.get("/queue/:receipt", async (c) => {
    const records = await ownRecords(c, world);
    if (records === undefined) return notFound(c);
    const receipt = c.req.param("receipt");
    const results = await toldTo(c.var.person, c.req.query("told"), world);
    const result = results.find((one) => one.receipt === receipt);
    const common = {
      ...{ c, receipt, decided: result?.decided, history: await historyOf(records, trail) },
      // An address with another email's results tells nothing.
      elsewhere: result === undefined ? [] : results.filter((one) => one !== result),
    };
    const read = await readNow(receipt, world);
    if (!read.ok) {
      const state = receiptState(records, await trail.unseal(shownCommitments(records)));
      return sendPage(
        c,
        <PastView {...common} state={state} reason={read.reason} next={nextAfter(c, world)} />,
      );
    }
    const { held } = read;
    await world.store.noteOpened(c.var.person.sessionHash, { receipt, ...held.digests });
    const beside = await gatherBeside(held, {
      ...{ trail, waiting: deciding.waiting, roles: c.var.person.roles },
    });
    return sendPage(
      c,
      <EmailView {...common} {...{ held, beside }} lines={await linesFor(held, world)} now={clock()} />,
    );
  });

  app.post("/queue/:receipt", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    if ((await ownRecords(c, world)) === undefined) return notFound(c);
    const { fields } = form;
    const verdict = VERDICTS.find((one) => one === fields.get("verdict"));
    if (verdict === undefined) return c.text("This form says nothing that can be decided", 400);
    const receipt = c.req.param("receipt");
    const { session } = c.var.person;
    const digests = { content: fields.get("content") ?? "", judgement: fields.get("judgement") ?? "" };
    const request = { receipt, verdict, person: session, ...digests, reason: reasonIn(fields) };
    const decided = await decideEmail(request, deciding.world);
    await deciding.waiting.follow();
    const name = await keepTold(c.var.person, [{ receipt, decided }], world);
    return c.redirect(`/queue/${encodeURIComponent(receipt)}?told=${name}`, 303);
  });

  app.post("/queue/:receipt/keep", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    if ((await ownRecords(c, world)) === undefined) return notFound(c);
    const { fields } = form;
    const receipt = c.req.param("receipt");
    const results = await keepOne(
      {
        receipt,
        others: fields.getAll("reject"),
        ...{ content: fields.get("content") ?? "", judgement: fields.get("judgement") ?? "" },
        reason: reasonIn(fields),
      },
      c.var.person,
      world,
    );
    await deciding.waiting.follow();
    const name = await keepTold(c.var.person, results, world);
    return c.redirect(`/queue/${encodeURIComponent(receipt)}?told=${name}`, 303);
  });

  app.get("/queue/:receipt/files/:number", async (c) => {
    const file = (await waitingFiles(c, world))?.[Number(c.req.param("number")) - 1];
    return file?.bytes === undefined ? notFound(c) : fileResponse(file);
  });

  const bodyOf = async (c: Context<PageEnv>) => {
    if ((await ownRecords(c, world)) === undefined) return undefined;
    const body = deciding.waiting.get(c.req.param("receipt") ?? "")?.data.body ?? undefined;
    return body && (await trail.unseal([body])).get(body);
  };

  app.get("/queue/:receipt/body", async (c) => {
    const text = await bodyOf(c);
    return text === undefined ? notFound(c) : inertResponse(text, INERT_TEXT);
  });

  app.get("/queue/:receipt/look", async (c) => {
    const text = await bodyOf(c);
    return text === undefined ? notFound(c) : lookResponse(text);
  });

  app.get("/queue/:receipt/conversation/:email", async (c) => {
    const text = await conversationText(c, world);
    return text === undefined ? notFound(c) : inertResponse(text, INERT_TEXT);
  });
  return app;
}

const INERT_TEXT = { type: "text/plain; charset=utf-8", disposition: "inline" } as const;

const VERDICTS: readonly Verdict[] = ["approve", "reject", "changes"];

/** What was chosen, and what was written. */
function reasonIn(fields: URLSearchParams): string {
  const parts = [fields.get("preset"), fields.get("reason")].map((part) => (part ?? "").trim());
  return parts
    .filter((part) => part !== "")
    .join(": ")
    .slice(0, MAX_REASON);
}

/** The records of an email of a team on whose email this person may decide; undefined: it is none, or not theirs to see. */
async function ownRecords(
  c: Context<PageEnv>,
  { trail, deciding }: ConsoleWorld,
): Promise<readonly StoredRecord[] | undefined> {
  const receipt = c.req.param("receipt") ?? "";
  if (receipt.length > MAX_RECEIPT) return undefined;
  await deciding.waiting.follow();
  const records = await trail.recordsOf(receipt);
  const team = records.find(isOf("intent"))?.record.team;
  return team != null && c.var.person.roles.approves.has(team) ? records : undefined;
}

async function waitingFiles(c: Context<PageEnv>, world: ConsoleWorld) {
  if ((await ownRecords(c, world)) === undefined) return undefined;
  const data = world.deciding.waiting.get(c.req.param("receipt") ?? "")?.data;
  if (data === undefined) return undefined;
  const named = data.attachments.flatMap(({ name, content }) => [name, content]);
  return filesOf(data, await world.trail.unseal(named));
}

async function readNow(
  receipt: string,
  { deciding, log }: ConsoleWorld,
): Promise<{ readonly ok: true; readonly held: HeldEmail } | ({ readonly ok: false } & NotHeld)> {
  try {
    return await readHeldEmail(receipt, deciding.world);
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    log.warn({ receipt, code: error.code }, "MultiMail does not show an email to look at");
    return { ok: false, reason: "unknown" };
  }
}

/** The text of an email of the same conversation; undefined: there is none, or MultiMail does not show it. */
async function conversationText(c: Context<PageEnv>, world: ConsoleWorld): Promise<string | undefined> {
  if ((await ownRecords(c, world)) === undefined) return undefined;
  const read = await readNow(c.req.param("receipt") ?? "", world);
  if (!read.ok || read.held.email.threadId === undefined) return undefined;
  const { client, waiting, email } = read.held;
  const wanted = c.req.param("email") ?? "";
  try {
    const { emails } = await client.getThread(waiting.mailbox, email.threadId ?? "");
    if (!emails.some(({ id }) => id === wanted)) return undefined;
    const { from, subject, markdown } = await client.getEmail(waiting.mailbox, wanted);
    return `From: ${from}\nSubject: ${subject}\n\n${markdown}`;
  } catch (error) {
    if (error instanceof MultiMailError) return undefined;
    throw error;
  }
}

/** The policy's lines around every place that a finding names: of those in force now, and of those when it was asked. */
async function linesFor(
  { decision, policies, waiting: { intent, data } }: HeldEmail,
  { trail }: ConsoleWorld,
): Promise<ReadonlyMap<string, LinesAround>> {
  const lines = new Map<string, LinesAround>();
  const source = new PolicyLines(trail);
  const places = [
    ...data.findings.map(({ where }) => ({ policy: intent.policy, where })),
    ...decision.findings.map(({ where }) => ({
      policy: policies.hash,
      where: where === undefined ? null : `${where.file}:${where.line}:${where.column}`,
    })),
  ];
  for (const { policy, where } of places) {
    if (where === null || lines.has(`${policy} ${where}`)) continue;
    const around = await source.linesAround(policy, where, AROUND);
    if (around !== undefined) lines.set(`${policy} ${where}`, around);
  }
  return lines;
}

/** What waits longest, for whoever is done with one. */
function nextAfter(c: Context<PageEnv>, { deciding }: ConsoleWorld): string | undefined {
  const { approves } = c.var.person.roles;
  return deciding.waiting
    .list((team) => approves.has(team))
    .find(({ receipt }) => receipt !== c.req.param("receipt"))?.receipt;
}
