import { randomUUID } from "node:crypto";
import type { InvalidAction } from "@countersign/core/action";
import type { Asker } from "../enforce/call.ts";
import { handle } from "../enforce/handle.ts";
import type { World } from "../enforce/world.ts";

/** Puts a request on record that could not be read as a call of a tool. */
export async function recordInvalid(action: InvalidAction, asker: Asker, world: World): Promise<void> {
  await handle({ id: randomUUID(), door: "mcp", ...asker, action, receivedAt: world.clock() }, world);
}
