import type { Action } from "@countersign/core/action";
import type { AssistantRef } from "@countersign/core/policy";

/** The doors through which an assistant can call. */
export type Door = "rest" | "mcp";

/** One request of one known assistant, the same from every door. */
export interface Call {
  /** Shown to the caller as `request_id`. */
  readonly id: string;
  readonly door: Door;
  readonly caller: AssistantRef;
  readonly action: Action;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** What the caller's platform calls this attempt: the same when it repeats the request, new when it is asked for anew. */
  readonly attempt?: string;
}
