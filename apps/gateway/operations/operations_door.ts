import { Hono } from "hono";
import { Registry } from "prom-client";
import type { Readiness } from "./readiness.ts";

/** What operators ask the gateway. */
export interface OperationsDoorOptions {
  /** Of the gateway, or of one team; undefined: there is no such team. */
  readonly readiness: (team: string | undefined) => Promise<Readiness | undefined>;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** The REST door as OpenAPI 3.1. */
  readonly openapi: () => Promise<object>;
}

/**
 * Whether the gateway lives and may be given work, and its figures. No key is needed: nothing is told that an outsider
 * could use.
 */
export function operationsDoor({ readiness, metrics, openapi }: OperationsDoorOptions): Hono {
  const door = new Hono();
  door.get("/healthz", (c) => c.json({ status: "ok" }));
  door.get("/readyz", async (c) => {
    const ready = await readiness(c.req.query("team"));
    if (ready === undefined) return c.json({ error: "No policy names this team", code: "not_found" }, 404);
    return c.json(ready, ready.status === "ready" ? 200 : 503);
  });
  door.get("/metrics", async (c) =>
    c.text(await metrics(), 200, { "Content-Type": Registry.PROMETHEUS_CONTENT_TYPE }),
  );
  door.get("/openapi.json", async (c) => c.json(await openapi()));
  return door;
}
