import { isEmailAction } from "../../action/mod.ts";
import { describeAtMost, formatWhere, type HoursPolicy } from "../../policy/mod.ts";
import type { Rule, RuleFinding } from "../rule.ts";
import { closedBy, holidayAt, hoursOf, nextOpening } from "../working_hours.ts";

/** `hours`: when email may leave, of the team or, instead, of the assistant. Outside them it is denied, or scheduled for when they begin, as far ahead as `send_at.at_most` lets it be. */
export const hours: Rule = {
  name: "hours",
  evaluate: ({ policy, assistant, action, context }): readonly RuleFinding[] => {
    const hours = hoursOf(policy, assistant);
    if (hours === undefined || !isEmailAction(action)) return [];
    const asked = action.draft.sendAt === undefined ? context.now : Date.parse(action.draft.sendAt);
    const leaves = Math.max(context.now, asked);
    const closed = closedBy(hours, leaves);
    if (closed === undefined) return [];
    const about = { ...holidayDetail(closed, leaves), where: closed.where };
    if (hours.outside === "deny")
      return [
        { effect: "deny", message: "Your team sends only in its working hours; send it then", ...about },
      ];
    if (action.name === "reply") {
      const message = "A reply cannot be scheduled; send it in your team's working hours";
      return [{ effect: "deny", message, ...about }];
    }
    const opening = nextOpening(hours, leaves);
    if (opening === undefined) {
      const message = "Your team has no working hours in sight; ask the platform team";
      return [{ effect: "deny", message, ...about }];
    }
    if (opening - (context.askedAt ?? context.now) > policy.sendAt.atMostMs) {
      const message =
        "Your team's working hours begin too far ahead for it to be scheduled; send it when they begin";
      // The finding's line is that of the hours; this is the other one which it takes to deny.
      const detail = [about.detail, describeAtMost(policy)].filter(Boolean).join("; ");
      return [{ effect: "deny", message, ...about, detail }];
    }
    const message = "It leaves when your team's working hours begin";
    return [{ effect: "note", message, ...about, sendAt: new Date(opening).toISOString() }];
  },
};

function holidayDetail(hours: HoursPolicy, instant: number): Pick<RuleFinding, "detail"> {
  const list = holidayAt(hours, instant);
  return list === undefined
    ? {}
    : { detail: `It is one of the holidays ${list.name} at ${formatWhere(list.where)}` };
}
