import type { Decision } from "@countersign/core/decision";
import { messageOf } from "./message_of.ts";

/** What a policy's `compose` added to an email, in sentences without a full stop; none: it is as it was asked for. */
export function addedTo({ findings, recipients }: Decision): readonly string[] {
  return findings
    .filter(({ rule, effect }) => rule === "compose" && effect === "note")
    .map((finding) => messageOf(finding, recipients));
}
