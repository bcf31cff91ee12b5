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
  const { found, unreadable } = scanned();
  return [
    ...detectors.flatMap((detector) => {
      const hits = found.get(detector);
      if (hits === undefined) return [];
      const { value, where } = detector;
      const what =
        value.kind === "builtin" ? FOUND[value.name] : "something that your team's policy keeps back";
      const message = `The ${partsOf(hits)} seems to hold ${what}${effect === "deny" ? "; leave it out" : ""}`;
      return [{ effect, message, detail: `Found ${value.name} in ${placesOf(hits)}`, where }];
    }),
    ...unreadable.map(({ index }) => ({
      effect,
      message: "An attachment cannot be read, so nobody knows what it says",
      detail: `Attachment ${index} cannot be scanned`,
    })),
  ];
}

function partsOf(hits: readonly ContentHit[]): string {
  return [...new Set(hits.map(({ part }) => part))].join(" and the ");
}

function placesOf(hits: readonly ContentHit[]): string {
  return hits
    .map(({ part, index, line }) => `${part}${index === undefined ? "" : ` ${index}`} line ${line}`)
    .join(", ");
}
