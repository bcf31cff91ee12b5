import type { ActionName } from "../../action/mod.ts";
import { whereOf } from "../../policy/mod.ts";
import type { Rule } from "../rule.ts";

const CHANGES: ReadonlySet<string> = new Set<ActionName>(["send", "reply", "cancel", "report"]);

/** `oversight: read_only`, declared or live: whoever may only read changes nothing. */
export const oversight: Rule = {
  name: "oversight",
  evaluate: ({ policy, action, context }) => {
    if (!CHANGES.has(action.name)) return [];
    if (policy.oversight !== "read_only" && context.live?.oversight !== "read_only") return [];
    return [
      {
        effect: "deny",
        message: "This mailbox may only be read: nothing can be sent from it",
        detail: `Declared oversight ${policy.oversight}, live ${context.live?.oversight ?? "unknown"}`,
        where: whereOf(policy, "oversight"),
      },
    ];
  },
};
