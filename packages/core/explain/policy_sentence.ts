import type { Where } from "../policy/mod.ts";

/** One plain sentence about a policy, and the line that makes it true. */
export interface PolicySentence {
  readonly text: string;
  readonly where: Where;
}
