/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { TeamPolicy } from "@countersign/core/policy";
import { type Email, MultiMailError } from "@countersign/multimail";
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { MAX_REASON } from "../deciding/decide_email.ts";
import { decideIncoming } from "../deciding/decide_incoming.ts";
import { readIncomingEmail } from "../deciding/incoming_email.ts";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { IncomingGone, IncomingListView, IncomingView } from "./incoming_view.tsx";
import { notFound } from "./not_found.tsx";
import { keepTold, toldTo } from "./told_results.ts";

/** No id of MultiMail's is longer. */
const MAX_ID = 64;

/** So many are on a page. */
const PAGE = 50;

/** Received email that no assistant sees yet: what waits, one of them, and releasing or rejecting it. */
export function incomingPages(world: ConsoleWorld): Hono<PageEnv> {
  const { deciding, clock } = world;
  const app = new Hono<PageEnv>();

  app.get("/incoming", async (c) => {
    const { person } = c.var;
    const policies = policiesOf(c, world);
    if (policies.length === 0) return notFound(c);
    const team = c.req.query("team") ?? "";
    const { emails, unknown, more } = await deciding.incoming.list(
      policies.filter((policy) => team === "" || policy.team === team),
    );
    const last = Math.max(1, Math.ceil(emails.length / PAGE));
    const page = Math.min(last, Math.max(1, Number.parseInt(c.req.query("page") ?? "1", 10) || 1));
    const [result] = await toldTo(person, c.req.query("told"), world);
    return sendPage(
      c,
      <IncomingListView
        {...{ person, team, unknown, more, page, result }}
        teams={policies.map((policy) => policy.team).sort()}
        emails={emails.slice((page - 1) * PAGE, page * PAGE)}
        count={emails.length}
        hasMore={page < last}
        policies={world.policies()}
        now={clock()}
      />,
    );
  });

  app.get("/incoming/:team/:email", (c) => show(c));

  app.post("/incoming/:team/:email", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    const name = nameOf(c);
    if (name === undefined) return notFound(c);
    const { fields } = form;
    if (fields.get("verdict") === "read") return show(c, true);
    const verdict = (["approve", "reject"] as const).find((one) => one === fields.get("verdict"));
    if (verdict === undefined) return c.text("This form says nothing that can be decided", 400);
    const { session } = c.var.person;
    const digests = { content: fields.get("content") ?? "", judgement: fields.get("judgement") ?? "" };
    const reason = (fields.get("reason") ?? "").trim().slice(0, MAX_REASON);
    const decided = await decideIncoming(
      { ...name, verdict, person: session, ...digests, reason },
      deciding.world,
    );
    const policy = world.policies().teams.get(name.team);
    if (policy !== undefined) deciding.incoming.forget(policy);
    const key = await keepTold(c.var.person, [{ receipt: name.emailId, decided }], world);
    const isDone = decided.kind === "decided" && decided.progress !== "waits_for_others";
    return c.redirect(`${isDone ? "/incoming" : pathOf(name)}?told=${key}`, 303);
  });

  /** The email as MultiMail shows it to whoever decides; `isFull`: all of it, which MultiMail then calls read. */
  const show = async (c: Context<PageEnv>, isFull = false): Promise<Response> => {
    const name = nameOf(c);
    if (name === undefined) return notFound(c);
    const { person } = c.var;
    const [result] = await toldTo(person, c.req.query("told"), world);
    try {
      const read = await readIncomingEmail(name, deciding.world);
      if (!read.ok) return sendPage(c, <IncomingGone {...{ person, result }} reason={read.reason} />);
      const { client, policy } = read.incoming;
      const full: Email | undefined = isFull
        ? await client.getEmail(policy.mailbox.id, name.emailId)
        : undefined;
      return sendPage(
        c,
        <IncomingView
          {...{ person, result, full }}
          incoming={read.incoming}
          path={pathOf(name)}
          now={clock()}
        />,
      );
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      world.log.warn({ email: name.emailId, code: error.code }, "MultiMail does not show a received email");
      return sendPage(c, <IncomingGone {...{ person, result }} reason="unknown" />);
    }
  };

  /** Which email a path names, of a team whose received email this person releases. */
  const nameOf = (c: Context<PageEnv>) => {
    const [team, emailId] = [c.req.param("team") ?? "", c.req.param("email") ?? ""];
    return c.var.person.roles.releases.has(team) && emailId.length <= MAX_ID ? { team, emailId } : undefined;
  };
  return app;
}

function policiesOf(c: Context<PageEnv>, world: ConsoleWorld): readonly TeamPolicy[] {
  const { teams } = world.policies();
  return [...c.var.person.roles.releases].flatMap((team) => teams.get(team) ?? []);
}

function pathOf({ team, emailId }: { readonly team: string; readonly emailId: string }): string {
  return `/incoming/${encodeURIComponent(team)}/${encodeURIComponent(emailId)}`;
}
