import type { Aspect, Classes, ClassRequest, Rank } from "../classes/mod.ts";
import type { Decision } from "../decision/mod.ts";
import type { TeamPolicy, Where } from "../policy/mod.ts";
import type { Scenario } from "../what_if/scenario.ts";

/** Whether policies let more or less through than others. */
export type Direction = "wider" | "tighter";

/** One thing that the policies afterwards decide otherwise, about one team. */
export interface PolicyChange {
  readonly direction: Direction;
  /** `shown`: `decide` says so of the example. `not_decided`: it may be; nobody could make up an example. `stated`: it follows from the files, and no request can show it. */
  readonly verdict: "shown" | "not_decided" | "stated";
  /** What it depends on where it is not decided: patterns of the policies' own. */
  readonly patterns?: readonly string[];
  readonly team: string;
  /** For people who do not know the language of policies. */
  readonly sentence: string;
  /** The line that decides, before and afterwards. */
  readonly before?: Where;
  readonly after?: Where;
  readonly example?: ChangeExample;
  /** Of which requests it is said. */
  readonly scope: readonly ChangeScope[];
}

/** A request that shows a change; it can be pasted into `countersign decide`. */
export interface ChangeExample {
  readonly as: string;
  /** ISO 8601 in UTC. */
  readonly now: string;
  readonly scenario: Scenario;
  /** In words: `denied`, `held for a person`, `leaves without a person`. */
  readonly before: string;
  readonly after: string;
}

/** A family of requests of which a change is said. */
export interface ChangeScope {
  readonly assistant: string;
  readonly action: string;
  /** Indices of the classes of recipients who must be among those of the request. */
  readonly classes: readonly number[];
  readonly time: string;
  readonly rank: Rank;
  /** Absent: whatever else is in it. */
  readonly aspect?: Aspect;
}

/** One request that is decided otherwise, before it is put into words. */
export interface ChangedRequest {
  readonly scope: ChangeScope;
  readonly direction: Direction;
  /** In words, what is special about it; absent: nothing. */
  readonly what?: string;
  readonly request: ClassRequest;
  readonly before: Decision;
  readonly after: Decision;
}

/** A team as it was and as it will be; under another name, perhaps. */
export interface TeamPair {
  readonly before?: TeamPolicy;
  readonly after?: TeamPolicy;
}

/** Requests that are said in one sentence. */
export interface ChangeGroup extends TeamPair {
  readonly team: string;
  readonly direction: Direction;
  readonly rank: Rank;
  readonly aspect?: Aspect;
  readonly what?: string;
  readonly requests: readonly ChangedRequest[];
  readonly classes: Classes;
  /** Of these classes of recipients alone it is said too that they may be written to at all. */
  readonly reachable: ReadonlySet<number>;
  /** How many kinds of times there are, by assistant. */
  readonly allTimes: ReadonlyMap<string, number>;
}
