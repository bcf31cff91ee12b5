import type { Action } from "@countersign/core/action";
import type { Person } from "@countersign/core/decision";
import type { AssistantRef, PolicySet } from "@countersign/core/policy";

/** The doors through which an assistant can call. */
export type Door = "rest" | "mcp";

/** An assistant, and the key by which it was known. */
export interface Caller extends AssistantRef {
  /** `sha256:…`; absent: a person's token came alone, or the gateway itself asks in the assistant's name. */
  readonly key?: string;
}

/** Whether the key by which the caller was known, if one came, is its key under these policies too. */
export function holdsKey({ keys, teams }: PolicySet, { team, assistant, key }: Caller): boolean {
  if (key === undefined) return true;
  const holder = keys.get(key.replace(/^sha256:/, ""));
  const isKnown = teams.get(team)?.assistants.get(assistant)?.keys.includes(key) ?? false;
  return isKnown && holder?.team === team && holder.assistant === assistant;
}

/** Whether a call comes with what proves the assistant: its key, or that the gateway itself asks. */
export function isProvenBy({ caller, person }: Asker): boolean {
  return caller.key !== undefined || person === undefined;
}

/** Who asks for something: an assistant, and whoever asks it. */
export interface Asker {
  readonly caller: Caller;
  /** Who asks the assistant, by their own token; absent: nobody knows. With no key in `caller`, the assistant is not proven. */
  readonly person?: Person;
}

/** One request of one known assistant, the same from every door. */
export interface Call extends Asker {
  /** Shown to the caller as `request_id`. */
  readonly id: string;
  readonly door: Door;
  readonly action: Action;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** What the caller's platform calls this attempt: the same when it repeats the request, new when it is asked for anew. */
  readonly attempt?: string;
}
