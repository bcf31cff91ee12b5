/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { decideSeveral } from "./decide_several.ts";
import { notFound } from "./not_found.tsx";
import { listQueue, type QueueFilter } from "./queue_list.ts";
import { queueRow, whyNotFor } from "./queue_rows.ts";
import { pathOfQueue, QueueView } from "./queue_view.tsx";
import { keepTold, toldTo } from "./told_results.ts";

/** So many emails are on a page, and at most so many are decided on at once. */
const PAGE = 50;

/** Longer is nothing that somebody looks for. */
const MAX_TEXT = 254;

/** Everything that waits for a person, the oldest first; and deciding on several at once. */
export function queuePages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.use("/queue", async (c, next) => (c.var.person.roles.approves.size > 0 ? next() : notFound(c)));

  app.get("/queue", async (c) => {
    const { roles, session, sessionHash } = c.var.person;
    const { waiting, oversight } = world.deciding;
    await waiting.follow();
    const filter = filterOf(c);
    const [policies, now] = [world.policies(), world.clock()];
    const whyNot = whyNotFor({ session, policies, now });
    const list = listQueue(
      waiting.list((team) => roles.approves.has(team)),
      { filter, whyNot },
    );
    const last = Math.max(1, Math.ceil(list.emails.length / PAGE));
    const page = Math.min(last, Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1));
    const shown = list.emails.slice((page - 1) * PAGE, page * PAGE);
    const opened = await world.store.openedIn(
      sessionHash,
      shown.map(({ receipt }) => receipt),
    );
    const missing = [...oversight.missing(policies)].flatMap(([variable, named]) => {
      const mine = named.filter((team) => roles.approves.has(team));
      return mine.length === 0 ? [] : [{ variable, teams: mine }];
    });
    return sendPage(
      c,
      <QueueView
        {...{ person: c.var.person, list, filter, page, missing, now, opened }}
        rows={shown.flatMap((email) => queueRow(email, { policies, whyNot }) ?? [])}
        first={(page - 1) * PAGE + 1}
        hasMore={page < last}
        results={await toldTo(c.var.person, c.req.query("told"), world)}
      />,
    );
  });

  app.post("/queue", async (c) => {
    const { person } = c.var;
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(person, form.fields))
      return c.text("This form was not made for this session", 403);
    const verdict = (["approve", "reject"] as const).find((one) => one === form.fields.get("verdict"));
    if (verdict === undefined) return c.text("This form says nothing that can be decided", 400);
    const receipts = [...new Set(form.fields.getAll("receipt"))].slice(0, PAGE);
    const reason = (form.fields.get("reason") ?? "").trim().slice(0, MAX_REASON);
    const results = await decideSeveral({ receipts, verdict, reason }, person, world);
    await world.deciding.waiting.follow();
    const back = pathOfQueue(filterOf(c), { told: await keepTold(person, results, world) });
    return c.redirect(back, 303);
  });
  return app;
}

function filterOf(c: Context<PageEnv>): QueueFilter {
  const text = (name: string) => (c.req.query(name) ?? "").slice(0, MAX_TEXT);
  return {
    show: c.req.query("show") === "others" ? "others" : "mine",
    team: text("team"),
    assistant: text("assistant"),
    rule: text("rule"),
    text: text("text"),
  };
}
