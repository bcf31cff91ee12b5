import { matchesPattern } from "../../address/mod.ts";
import { type AssistantPolicy, type TeamPolicy, type UsersPolicy, whereOf } from "../../policy/mod.ts";
import type { Context } from "../context.ts";
import type { Person } from "../person.ts";
import type { Rule, RuleFinding } from "../rule.ts";

/** Who asks whom. */
export interface UsersInput {
  readonly policy: TeamPolicy;
  readonly assistant: AssistantPolicy;
  readonly context: Pick<Context, "person" | "isProven">;
}

/** `assistants[].users`: the person who asks may use the assistant, and the assistant is the one that it says it is. */
export const users: Rule = {
  name: "users",
  evaluate: (input) => refusedUsers(input),
};

/** Why whoever asks may not use the assistant, whatever they ask for; nothing: they may. */
export function refusedUsers({ policy, assistant, context }: UsersInput): readonly RuleFinding[] {
  const { users } = assistant;
  const { person, isProven = true } = context;
  const at = (key: string) =>
    whereOf(policy, `assistants[${[...policy.assistants.keys()].indexOf(assistant.id)}].users${key}`);
  return [
    ...(isProven || users?.withKey === false ? [] : [{ ...UNPROVEN, where: at(".with_key") }]),
    ...(users === undefined ? [] : refusedPerson(users, person, at)),
  ];
}

function refusedPerson(
  users: UsersPolicy,
  person: Person | undefined,
  at: (key: string) => ReturnType<typeof whereOf>,
): readonly RuleFinding[] {
  if (person === undefined) return [{ ...NOBODY, where: at(".sign_in") }];
  const { address, claims } = person;
  // As for whoever is never written to, a plus-tag makes no other account.
  const shared = users.shared.find(({ value }) => value.base === address?.base);
  if (shared !== undefined) return [{ ...SHARED, where: shared.where }];
  if (users.shared.length > 0 && address === undefined) return [{ ...UNCONFIRMED, where: at(".shared") }];
  if (users.claims.some(({ value }) => claims.includes(value))) return [];
  if (address !== undefined && users.allow.some(({ value }) => matchesPattern(value, address))) return [];
  if (users.allow.length > 0 && address === undefined) return [{ ...UNCONFIRMED, where: at(".allow") }];
  return [{ ...STRANGER, where: at(users.allow.length > 0 ? ".allow" : ".claims") }];
}

const UNPROVEN = {
  effect: "deny",
  message:
    "This assistant's own key must come with each call, beside the sign-in of the person who asks: the platform team adds it as a header where the assistant's tools are registered",
} as const;

const NOBODY = {
  effect: "deny",
  message:
    "People use this assistant with an account of their own, and nobody signed in: the platform team registers its tools with personal accounts",
} as const;

const SHARED = {
  effect: "deny",
  message: "This account is shared and stands for nobody: sign in with an account of your own",
} as const;

const UNCONFIRMED = {
  effect: "deny",
  message:
    "The sign-in does not say for certain whose address this is, so nobody can tell whether they may use this assistant: ask the platform team",
} as const;

const STRANGER = {
  effect: "deny",
  message: "You are not among the people who may use this assistant: ask the platform team",
} as const;
