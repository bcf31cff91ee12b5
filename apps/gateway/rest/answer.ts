import type { PolicySet } from "@countersign/core/policy";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Ticket } from "../door/admission.ts";
import type { Caller } from "../enforce/call.ts";
import type { Rendered } from "./render.ts";

/** What a request of the REST door carries once its caller is known. */
export type RestEnv = {
  Variables: { caller: Caller; policies: PolicySet; requestId: string; ticket: Ticket };
};

/** Sends what was rendered. */
export function answer(c: Context<RestEnv>, { status, body, retryAfterMs }: Rendered): Response {
  if (retryAfterMs !== undefined) c.header("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  // What is still on its way of a body that came too late is not waited for.
  if (status === 408) c.header("Connection", "close");
  return c.json(body as object, status as ContentfulStatusCode);
}
