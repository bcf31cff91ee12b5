import { formatWhere, type LimitsPolicy, type RateLimit, type TeamPolicy } from "../../policy/mod.ts";
import { assistantsOf, inEachTeam } from "../in_each_team.ts";
import type { LintFinding, LintRule } from "../lint_rule.ts";
import { isStrict } from "../rule_state.ts";

/** A limit that is never the one that stops: whenever it is reached, another one is. */
export const unreachableLimit: LintRule = {
  about: "a limit that another one makes unreachable",
  find: inEachTeam((policy) => {
    // Who is excepted from limits may send more than any of them.
    if (!isStrict(policy, "limits")) return [];
    return [
      ...unreachable(policy, { limits: policy.limits, path: "limits" }),
      ...assistantsOf(policy).flatMap(({ assistant, path }) =>
        unreachable(policy, { limits: assistant.limits, path: `${path}.limits`, of: assistant.id }),
      ),
    ];
  }),
};

const KEYS: Readonly<Record<keyof LimitsPolicy, string>> = {
  perAssistant: "per_assistant",
  perRecipient: "per_recipient",
  perDomain: "per_domain",
  perUser: "per_user",
  team: "team",
};

/** Which limits of the team count every email that a limit counts, and more. */
const WIDER: Readonly<Record<keyof LimitsPolicy, readonly (keyof LimitsPolicy)[]>> = {
  perAssistant: ["perAssistant", "team"],
  perRecipient: ["perRecipient", "perDomain", "team"],
  perDomain: ["perDomain", "team"],
  perUser: ["perUser", "team"],
  team: ["team"],
};

interface WrittenLimits {
  readonly limits: LimitsPolicy;
  readonly path: string;
  /** Absent: they are the team's. */
  readonly of?: string;
}

function unreachable(policy: TeamPolicy, { limits, path, of }: WrittenLimits): readonly LintFinding[] {
  return (Object.keys(KEYS) as (keyof LimitsPolicy)[]).flatMap((kind) =>
    limits[kind].flatMap((limit): readonly LintFinding[] => {
      if (limit.where.file !== policy.source.file || isCountedWith(policy, limit, { kind, of })) return [];
      for (const wider of WIDER[kind]) {
        const stopper = policy.limits[wider].find((other) => other !== limit && stops(other, limit));
        if (stopper === undefined) continue;
        const message = `${JSON.stringify(limit.text)} is never reached: ${KEYS[wider]} is ${JSON.stringify(stopper.text)} (${formatWhere(stopper.where)}) and stops first; make it less, or take it out`;
        return [{ where: limit.where, path: `${path}.${KEYS[kind]}`, message, isIdle: true }];
      }
      return [];
    }),
  );
}

/**
 * Whether a limit of another assistant has the same counter: what counts for it is the email of whoever has such a limit, so that
 * without this one less would count.
 */
function isCountedWith(
  { assistants }: TeamPolicy,
  { windowMs }: RateLimit,
  { kind, of }: { readonly kind: keyof LimitsPolicy; readonly of: string | undefined },
): boolean {
  if (kind === "perAssistant" || kind === "team") return false;
  return [...assistants.values()].some(
    ({ id, limits }) => id !== of && limits[kind].some((other) => other.windowMs === windowMs),
  );
}

/**
 * Whether the other limit, which counts all that this one counts, is full whenever this one is. Windows of the other that lie
 * side by side cover this one's: as many emails as it takes fit in them only if the last of them is full too.
 */
function stops(other: RateLimit, limit: RateLimit): boolean {
  const most = other.count * Math.ceil(limit.windowMs / other.windowMs);
  // The same bound again, in the team's own words, is no mistake.
  return other.where.file === limit.where.file ? most <= limit.count : most < limit.count;
}
