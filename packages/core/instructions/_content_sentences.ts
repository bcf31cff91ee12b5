import type { BuiltinDetector, ContentDetector, Located, RuleName, TeamPolicy } from "../policy/mod.ts";
import { list } from "./_list.ts";

/** What an email may not say. A team's own patterns are not named: whoever knows them can write around them. */
export function contentSentences(
  { content, attachments, oversight }: TeamPolicy,
  enforced: (rule: RuleName) => boolean,
): readonly string[] {
  const blocked = enforced("content.block") ? detectorWords(content.block) : [];
  const flagged = enforced("content.flag") ? detectorWords(content.flag) : [];
  const unscannable = enforced("content.unscannable") ? content.unscannable : "allow";
  const gated = oversight === "gated_all" || oversight === "gated_send";
  const needs = gated ? "needs a person's approval" : "is refused, since nobody here approves it";
  return [
    ...(blocked.length > 0 ? [`Email that holds ${list(blocked, "or")} is refused.`] : []),
    ...(flagged.length > 0 ? [`Email that holds ${list(flagged, "or")} ${needs}.`] : []),
    ...(attachments !== undefined && unscannable !== "allow"
      ? [`Email with a file that holds no readable text ${unscannable === "deny" ? "is refused" : needs}.`]
      : []),
  ];
}

const WORDS: Readonly<Record<BuiltinDetector, string>> = {
  credit_card: "card numbers",
  iban: "IBANs",
  us_ssn: "US social security numbers",
  private_key: "private keys",
  api_key: "API keys",
  email_list: "lists of email addresses",
};

/** What detectors find, as people call it. */
export function detectorWords(detectors: readonly Located<ContentDetector>[]): readonly string[] {
  return [
    ...new Set(
      detectors.map(({ value }) =>
        value.kind === "builtin" ? WORDS[value.name] : "words the team watches for",
      ),
    ),
  ];
}
