/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { Hono } from "hono";
import type { ConsoleWorld, PageEnv, SignedIn } from "../console_world.ts";
import { KeyList, Page } from "../looks/page.tsx";
import { Notice, Section } from "../looks/parts.tsx";
import { sendPage } from "../looks/send_page.ts";
import { readForm } from "../security/read_form.ts";
import { isOwnForm } from "../sign_in/sessions.ts";

/** How somebody wants the console, on every machine of theirs. */
export function settingsPages({ store }: Pick<ConsoleWorld, "store">): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.get("/settings", (c) =>
    sendPage(c, <Settings person={c.var.person} isSaved={c.req.query("saved") !== undefined} />),
  );
  app.post("/settings", async (c) => {
    const form = await readForm(c);
    if (!form.ok || !isOwnForm(c.var.person, form.fields))
      return c.text("This form was not made for this session", 403);
    await store.setPreferences(c.var.person.session, { hasKeys: form.fields.get("keys") === "on" });
    return c.redirect("/settings?saved", 303);
  });
  return app;
}

function Settings({ person, isSaved }: { readonly person: SignedIn; readonly isSaved: boolean }) {
  return (
    <Page title="Settings" person={person} lead="They hold for you, wherever you sign in.">
      {isSaved && <Notice tone="ok" title="Saved" />}
      <Section id="keyboard" title="Keyboard">
        <form method="post" action="/settings" class="stack">
          <input type="hidden" name="form_token" value={person.formToken} />
          <label class="check">
            <input type="checkbox" name="keys" checked={person.preferences.hasKeys} />
            Single keys do something
          </label>
          <p class="quiet small">
            Switch them off if you speak to your computer, or if a key is pressed by mistake now and then. No
            key decides anything by itself.
          </p>
          <KeyList />
          <p>
            <button type="submit" class="primary">
              Save
            </button>
          </p>
        </form>
      </Section>
    </Page>
  );
}
