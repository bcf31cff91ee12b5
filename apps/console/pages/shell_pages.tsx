/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from "hono";
import type { ConsoleWorld, PageEnv, SignedIn } from "../console_world.ts";
import { Moment } from "../looks/moment.tsx";
import { Page } from "../looks/page.tsx";
import { Notice } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import { sendPage } from "../looks/send_page.ts";
import { RateLimit } from "../security/rate_limit.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";
import { readShellCode } from "../sign_in/shell_code.ts";
import { hashOf } from "../store/secret.ts";

/** Codes that one person types: what a person needs, and not what a guesser does. */
const LIMIT = { burst: 10, everyMs: 10_000 };

/** Where a person lets a shell act as them, by the code that it shows. */
export function shellPages(world: ConsoleWorld): Hono<PageEnv> {
  const { store, clock, log } = world;
  const app = new Hono<PageEnv>();
  const limit = new RateLimit(LIMIT);

  app.get("/shell", (c) => sendPage(c, <CodePage person={c.var.person} />));

  app.post("/shell", async (c) => {
    const { person } = c.var;
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(person, form.fields))
      return c.text("This form was not made for this session", 403);
    if (!limit.take(`${person.session.issuer} ${person.session.subject}`, clock()))
      return sendPage(c, <CodePage person={person} wrong="Too many codes. Wait a minute." />, 429);
    const code = readShellCode(form.fields.get("code") ?? "");
    const asked = code === undefined ? undefined : await store.shellOf(hashOf(code), clock());
    if (code === undefined || asked === undefined)
      return sendPage(c, <CodePage person={person} wrong={NO_SUCH_CODE} />, 403);
    if (form.fields.get("confirm") !== "yes")
      return sendPage(c, <ConfirmPage {...{ person, code, ...asked }} />);
    if (!(await store.confirmShell(hashOf(code), person.session, clock())))
      return sendPage(c, <CodePage person={person} wrong={NO_SUCH_CODE} />, 403);
    log.info({ auth: person.session.auth }, "Somebody let a shell act as them");
    return sendPage(
      c,
      <Page title="The shell is signed in" person={person}>
        <Notice tone="ok" title="You can close this page">
          <p>
            It acts as you until it is not used for 30 minutes, or you run{" "}
            <code>countersign console sign-out</code>; at the longest as long as this sign-in would.
          </p>
        </Notice>
      </Page>,
    );
  });
  return app;
}

const NO_SUCH_CODE =
  "No shell shows that code: it was used, is older than ten minutes, or has a typing error.";

function CodePage({ person, wrong }: { readonly person: SignedIn; readonly wrong?: string }) {
  return (
    <Page
      title="Sign a shell in"
      person={person}
      lead="For countersign pending, approve and reject: it will decide as you."
    >
      {wrong !== undefined && <Notice tone="warn" title={wrong} />}
      <form method="post" class="stack card">
        <input type="hidden" name="form_token" value={person.formToken} />
        <label>
          The code that your own terminal shows
          <input name="code" required maxlength={20} autocomplete="off" autocapitalize="characters" />
        </label>
        <button type="submit" class="primary">
          Go on
        </button>
        <p class="quiet small">
          Only one that you see in your own terminal, after <code>countersign console sign-in</code>. Nobody
          who looks after Countersign ever sends you a code.
        </p>
      </form>
    </Page>
  );
}

function ConfirmPage({
  person,
  code,
  asker,
  askedAt,
}: {
  readonly person: SignedIn;
  readonly code: string;
  readonly asker: string;
  readonly askedAt: number;
}) {
  return (
    <Page title="Is that your shell?" person={person}>
      <Notice tone="warn" title="Whoever has it will approve and reject as you">
        <p>
          If somebody sent you the code, they would decide in your name: stop here, and tell whoever runs
          Countersign.
        </p>
      </Notice>
      <dl class="facts">
        <dt>Code</dt>
        <dd>
          <code>{code}</code>
        </dd>
        <dt>Says it is</dt>
        <dd>
          <bdi>{plain(asker, 300)}</bdi>
        </dd>
        <dt>Asked</dt>
        <dd>
          <Moment at={askedAt} />
        </dd>
        <dt>Will act as</dt>
        <dd>
          <bdi>{plain(person.session.address, 254)}</bdi>
        </dd>
      </dl>
      <form method="post" class="buttons">
        <input type="hidden" name="form_token" value={person.formToken} />
        <input type="hidden" name="code" value={code} />
        <button type="submit" class="primary" name="confirm" value="yes">
          It is mine: sign it in
        </button>
        <a class="button" href="/">
          No
        </a>
      </form>
    </Page>
  );
}
