import { type InvalidAction, invalid } from "@countersign/core/action";
import { z } from "zod";

const CALL = z.looseObject({ method: z.literal("tools/call") });

const WELL_FORMED = z.looseObject({
  params: z.looseObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()).optional() }),
});

/** The tool calls in a JSON-RPC body that name no tool or no arguments: the SDK answers them, and nobody else sees them. */
export function malformedCalls(body: unknown): readonly InvalidAction[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages
    .filter((message) => CALL.safeParse(message).success && !WELL_FORMED.safeParse(message).success)
    .map(() =>
      invalid("invalid_request", "tools/call", "A call needs a tool's name and an object of arguments"),
    );
}
