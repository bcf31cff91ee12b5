import { Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { FRESH_PATH } from "../sign_in/sessions.ts";
import { waitsForMe } from "./queue_list.ts";
import { whyNotFor } from "./queue_rows.ts";

/** Of more teams' mailboxes MultiMail is not asked each time that a page wants to know. */
const MAX_MAILBOXES = 10;

/** Many pages ask: what MultiMail told so lately is good enough, in milliseconds. */
const FRESH_MS = 25_000;

/** How much waits for a person; null: it was not found out. */
export interface Fresh {
  readonly queue: number;
  readonly incoming: number | null;
}

/** What pages ask for by themselves: how much waits. */
export function freshPages(world: ConsoleWorld): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.get(FRESH_PATH, async (c) => {
    const { roles, session } = c.var.person;
    const { waiting, incoming } = world.deciding;
    const policies = world.policies();
    if (roles.approves.size > 0) await waiting.follow();
    const whyNot = whyNotFor({ session, policies, now: world.clock() });
    const mine = waiting
      .list((team) => roles.approves.has(team))
      .filter((email) => waitsForMe(email, whyNot));
    const teams = [...roles.releases].flatMap((team) => policies.teams.get(team) ?? []);
    const isAsked = teams.length > 0 && teams.length <= MAX_MAILBOXES;
    const received = isAsked ? await incoming.list(teams, FRESH_MS) : undefined;
    const fresh: Fresh = { queue: mine.length, incoming: received?.emails.length ?? null };
    return c.json(fresh);
  });
  return app;
}
