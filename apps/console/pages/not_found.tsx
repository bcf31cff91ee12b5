/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Context } from "hono";
import type { PageEnv } from "../console_world.ts";
import { Page } from "../looks/page.tsx";
import { Empty } from "../looks/parts.tsx";
import { sendPage } from "../looks/send_page.ts";

/** Answers that there is no such page: also of what is there, but is not this person's to see. */
export function notFound(c: Context<PageEnv>): Promise<Response> {
  return sendPage(
    c,
    <Page title="Nothing is here" person={c.var.person}>
      <Empty title="There is no such page, or it is not yours to see">
        <p>The navigation has every page that you may see.</p>
      </Empty>
    </Page>,
    404,
  );
}
