import type { Action } from "@countersign/core/action";
import type { Finding } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import type { IntentData } from "@countersign/trail";
import { recordableFinding } from "./recordable_text.ts";

/** A finding as a record holds it; `action` is what it was said of, if that came from a caller. */
export function findingData(
  { rule, effect, message, detail, where, about }: Finding,
  action?: Action,
): IntentData["findings"][number] {
  return {
    about: about ?? [],
    detail: detail === undefined ? null : recordableFinding(detail, action),
    effect,
    message: recordableFinding(message, action),
    rule,
    where: where === undefined ? null : formatWhere(where),
  };
}
