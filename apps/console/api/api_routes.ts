import { MultiMailError } from "@countersign/multimail";
import { isOf } from "@countersign/trail";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import type { ConsoleWorld, PageEnv } from "../console_world.ts";
import { decideEmail, MAX_REASON } from "../deciding/decide_email.ts";
import { readHeldEmail } from "../deciding/held_email.ts";
import { plain } from "../looks/plain.ts";
import { waitsForMe } from "../pages/queue_list.ts";
import { queueRow, whyNotFor } from "../pages/queue_rows.ts";
import { rolesOf } from "../people/roles.ts";
import { RateLimit } from "../security/rate_limit.ts";
import { readForm } from "../security/read_form.ts";
import { newShellCode } from "../sign_in/shell_code.ts";
import { useSignInLink } from "../sign_in/sign_in_link.ts";
import type { Session } from "../store/console_store.ts";
import { hashOf, newSecret } from "../store/secret.ts";
import { decidedWords, NOT_HELD_WORDS } from "./decided_words.ts";
import { emailJson } from "./email_json.ts";
import { beginShellSession, requireShell } from "./shell_sessions.ts";

/** How long a person may take to confirm a shell, in milliseconds. */
const CONFIRM_MS = 10 * 60_000;

/** Sign-ins of one address of the network, and questions whether one is confirmed. */
const LIMIT = { burst: 20, everyMs: 3_000 };
const ASK_LIMIT = { burst: 30, everyMs: 1_000 };

/** No receipt is longer, nor what is shown of who asks. */
const MAX_RECEIPT = 100;
const MAX_ASKER = 120;

/** `shown`: SHA-256 of the content and of the judgement. */
const SHOWN = /^([\da-f]{64})\.([\da-f]{64})$/;

/**
 * What `countersign pending`, `approve` and `reject` ask, as the person who signed in at that shell: the same checks and
 * digests as the pages have. Takes forms, answers JSON.
 */
export function apiRoutes(world: ConsoleWorld): Hono<PageEnv> {
  const { store, deciding, settings, clock, log, trail } = world;
  const app = new Hono<PageEnv>();
  const limits = { begin: new RateLimit(LIMIT), ask: new RateLimit(ASK_LIMIT) };
  const isTooOften = (c: Context, limit: RateLimit) =>
    !limit.take(getConnInfo(c).remote.address ?? "", clock());

  /** Lets a shell in as whom the policies know. */
  const admit = async (c: Context, session: Session) => {
    if (rolesOf(session, world.policies(), clock()) === undefined)
      return c.json({ error: "The policies in force give you no role here" }, 403);
    const secret = await beginShellSession(session, world);
    log.info({ auth: session.auth }, "Somebody signed in at a shell");
    return c.json({ token: secret, address: session.address, auth: session.auth });
  };

  app.post("/sign-in", async (c) => {
    if (isTooOften(c, limits.begin)) return c.json({ error: "Too many sign-ins: wait a minute" }, 429);
    const form = await readForm(c);
    if (!form.ok) return c.json({ error: form.message }, form.status);
    const link = form.fields.get("link");
    if (link !== null) {
      if (settings.consoleAuth !== "link") return c.json({ error: "Nobody signs in by a link here" }, 404);
      const identity = await useSignInLink(link, { store, now: clock() });
      return identity === undefined
        ? c.json({ error: "The link was used already, or is older than ten minutes" }, 403)
        : admit(c, { ...identity, createdAt: clock(), seenAt: clock() });
    }
    const [secret, code, now] = [newSecret(), newShellCode(), clock()];
    const said = (form.fields.get("asker") ?? "").slice(0, MAX_ASKER);
    const asker = `${plain(said, MAX_ASKER)} at ${getConnInfo(c).remote.address ?? "an unknown address"}`;
    await store.addShell({
      ...{ hash: hashOf(secret), code: hashOf(code), asker, askedAt: now, expiresAt: now + CONFIRM_MS },
    });
    return c.json({ code, secret, confirm: `${settings.consoleUrl}/shell`, expires_ms: CONFIRM_MS });
  });

  app.post("/sign-in/ask", async (c) => {
    if (isTooOften(c, limits.ask)) return c.json({ error: "Too often: wait a few seconds" }, 429);
    const form = await readForm(c);
    if (!form.ok) return c.json({ error: form.message }, form.status);
    const secret = (form.fields.get("secret") ?? "").slice(0, MAX_ASKER);
    const found = await store.takeShell(hashOf(secret), clock());
    if (found === undefined) return c.json({ error: "Nobody confirmed it in time, or it was refused" }, 403);
    return found === "waits" ? c.json({ waits: true }, 202) : admit(c, found);
  });

  app.use(requireShell(world));

  app.post("/sign-out", async (c) => {
    await store.endSession(c.var.person.sessionHash);
    return c.json({ signed_out: true });
  });

  app.get("/pending", async (c) => {
    const { session, roles } = c.var.person;
    await deciding.waiting.follow();
    const [policies, now, team] = [world.policies(), clock(), c.req.query("team")];
    if (team !== undefined && !roles.approves.has(team))
      return c.json({ error: `You decide on no email of a team "${plain(team, 100)}"` }, 404);
    const whyNot = whyNotFor({ session, policies, now });
    const emails = deciding.waiting
      .list((one) => roles.approves.has(one) && (team === undefined || one === team))
      .flatMap((email) => {
        const row = queueRow(email, { policies, whyNot });
        if (row === undefined) return [];
        const { receipt, assistant, heldAt, flags } = email;
        return {
          ...{ receipt, team: email.team, assistant },
          subject: row.subject ?? null,
          recipients: row.recipients.map(({ address, isInside }) => ({ address, inside: isInside })),
          held_at: new Date(heldAt).toISOString(),
          expires_at: row.expiresAt === undefined ? null : new Date(row.expiresAt).toISOString(),
          ...{ flags, approved: row.approved, needed: row.needed ?? null },
          yours: waitsForMe(email, whyNot),
          why_not: row.whyNot ?? null,
        };
      });
    return c.json({ address: session.address, teams: [...roles.approves].sort(), emails });
  });

  app.get("/pending/:receipt", async (c) => {
    const receipt = await ownReceipt(c);
    if (receipt === undefined) return c.json({ error: NOT_YOURS }, 404);
    const read = await readNow(receipt);
    if (!read.ok) {
      const { title, more } = NOT_HELD_WORDS[read.reason];
      return c.json({ error: `${title}: ${more}` }, read.reason === "gone" ? 410 : 409);
    }
    const { person } = c.var;
    await store.noteOpened(person.sessionHash, { receipt, ...read.held.digests });
    return c.json(await emailJson(read.held, person, world));
  });

  app.post("/pending/:receipt", async (c) => {
    const form = await readForm(c);
    if (!form.ok) return c.json({ error: form.message }, form.status);
    const receipt = await ownReceipt(c);
    if (receipt === undefined) return c.json({ error: NOT_YOURS }, 404);
    const { fields } = form;
    const verdict = (["approve", "reject", "changes"] as const).find((one) => one === fields.get("verdict"));
    const [, content = "", judgement = ""] = SHOWN.exec(fields.get("shown") ?? "") ?? [];
    if (verdict === undefined || (verdict === "approve" && content === ""))
      return c.json({ error: "Say approve with what was shown, reject or changes" }, 400);
    const reason = (fields.get("reason") ?? "").trim().slice(0, MAX_REASON);
    const decided = await decideEmail(
      { receipt, verdict, person: c.var.person.session, content, judgement, reason },
      deciding.world,
    );
    await deciding.waiting.follow();
    return c.json({ receipt, result: decided.kind, ...progressOf(decided), message: decidedWords(decided) });
  });

  /** The receipt of an email of a team on whose email this person may decide. */
  const ownReceipt = async (c: Context<PageEnv>): Promise<string | undefined> => {
    const receipt = c.req.param("receipt") ?? "";
    if (receipt.length > MAX_RECEIPT) return undefined;
    await deciding.waiting.follow();
    const team = (await trail.recordsOf(receipt)).find(isOf("intent"))?.record.team;
    return team != null && c.var.person.roles.approves.has(team) ? receipt : undefined;
  };

  const readNow = async (receipt: string): ReturnType<typeof readHeldEmail> => {
    try {
      return await readHeldEmail(receipt, deciding.world);
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      log.warn({ receipt, code: error.code }, "MultiMail does not show an email to look at");
      return { ok: false, reason: "unknown" };
    }
  };

  app.all("*", (c) => c.json({ error: "There is no such thing here" }, 404));
  app.onError((error, c) => {
    log.error({ err: error }, "A request of a shell failed");
    return c.json({ error: "Something is wrong on the console's side: it is in its log" }, 500);
  });
  return app;
}

const NOT_YOURS = "There is no such email, or you do not decide on its team's";

function progressOf(decided: Awaited<ReturnType<typeof decideEmail>>): object {
  return decided.kind === "decided" ? { verdict: decided.verdict, progress: decided.progress } : {};
}
