import type { EmailTool } from "./tool.ts";

/** A tool's arguments as JSON Schema of draft 7, whole in itself: what every client can compile, Dust's included. */
export function inputSchema({ properties, required }: EmailTool): {
  readonly type: "object";
  [key: string]: unknown;
} {
  return { type: "object", properties, required, additionalProperties: false };
}
