import { formatWhere, sameDetector, type TeamPolicy } from "../../policy/mod.ts";
import { inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { isStrict } from "../rule_state.ts";

/** What is flagged, and blocked as well: nobody ever sees it. What a list has twice. */
export const swallowedDetector: LintRule = {
  about: "content that is flagged and blocked as well, or that a list has twice",
  find: inEachTeam((policy) => [
    ...swallowed(policy),
    ...repeated(policy, "block"),
    ...repeated(policy, "flag"),
  ]),
};

function swallowed(policy: TeamPolicy): readonly LintFinding[] {
  const { block, flag } = policy.content;
  if (!isStrict(policy, "content.block")) return [];
  return flag.flatMap(({ value, text, where }, index): readonly LintFinding[] => {
    const blocked = block.find((one) => sameDetector(one.value, value));
    if (blocked === undefined || where.file !== policy.source.file) return [];
    const message = `${JSON.stringify(text)} never goes to a person: content.block has it (${formatWhere(blocked.where)}), and refuses it; take it out of one of the two`;
    return [{ where, path: `content.flag[${index}]`, message, isIdle: true }];
  });
}

function repeated(policy: TeamPolicy, list: "block" | "flag"): readonly LintFinding[] {
  const detectors = policy.content[list].filter(({ where }) => where.file === policy.source.file);
  return detectors.flatMap(({ value, text, where }, index): readonly LintFinding[] => {
    const first = detectors.slice(0, index).find((one) => sameDetector(one.value, value));
    if (first === undefined) return [];
    const message = `${JSON.stringify(text)} changes nothing: the list has it already (${formatWhere(first.where)}); take out one of the two`;
    return [{ where, path: `content.${list}[${index}]`, message, isIdle: true }];
  });
}
