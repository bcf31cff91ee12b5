import { isEmailAction } from "../action/mod.ts";
import type { ContentHit } from "../content/mod.ts";
import type { BuiltinDetector, ContentDetector, Located } from "../policy/mod.ts";
import type { RuleFinding, RuleInput } from "./rule.ts";

/** What the assistant is told about what was found. A pattern of the policy's own is not named: it could be worked around. */
const FOUND: Readonly<Record<BuiltinDetector, string>> = {
  credit_card: "a card number",
  iban: "a bank account number (IBAN)",
  us_ssn: "a social security number",
  private_key: "a private key",
  api_key: "an API key or token",
  email_list: "a list of email addresses",
};

/** One finding for each of these detectors that found something; never what it found. */
export function contentFindings(
  { action, scanned }: RuleInput,
  detectors: readonly Located<ContentDetector>[],
  effect: "deny" | "flag",
): readonly RuleFinding[] {
  if (detectors.length === 0 || !isEmailAction(action)) return [];
  const { found, failed } = scanned();
  if (failed !== undefined) return [unknownContent(failed)];
  return detectors.flatMap((detector) => {
    const hits = found.get(detector);
    if (hits === undefined) return [];
    const { value, where } = detector;
    const what =
      value.kind === "builtin" ? FOUND[value.name] : "something that your team's policy keeps back";
    const message = `The ${partsOf(hits)} seems to hold ${what}${effect === "deny" ? "; leave it out" : ""}`;
    return [{ effect, message, detail: foundDetail(value, hits), where }];
  });
}

/** The finding about an email that could not be looked through: whatever the policy makes of its content, it is denied. */
export function unknownContent(detail: string): RuleFinding {
  const message =
    "The email could not be looked through in time; send less at once, or without its attachments";
  return { effect: "deny", message, detail };
}

function partsOf(hits: readonly ContentHit[]): string {
  return [...new Set(hits.map(({ part }) => part))].join(" and the ");
}

/** For people: which detector found something, and where; never what. */
export function foundDetail({ name }: ContentDetector, hits: readonly ContentHit[]): string {
  return `Found ${name} in ${placesOf(hits)}`;
}

function placesOf(hits: readonly ContentHit[]): string {
  return hits
    .map(({ part, index, line }) => `${part}${index === undefined ? "" : ` ${index}`} line ${line}`)
    .join(", ");
}
