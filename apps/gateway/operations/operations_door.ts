import { Hono } from "hono";
import type { Readiness } from "./readiness.ts";

/** Whether the gateway lives and may be given work. No key is needed: nothing is told that an outsider could use. */
export function operationsDoor(readiness: () => Promise<Readiness>): Hono {
  const door = new Hono();
  door.get("/healthz", (c) => c.json({ status: "ok" }));
  door.get("/readyz", async (c) => {
    const ready = await readiness();
    return c.json(ready, ready.status === "ready" ? 200 : 503);
  });
  return door;
}
