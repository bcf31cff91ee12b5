import type { RuleName, TeamPolicy } from "../policy/mod.ts";

/** Rules that every team has, and those that a team has only if its policy says so. */
const IN_USE: Readonly<Record<RuleName, (policy: TeamPolicy) => boolean>> = {
  users: ({ assistants }) => [...assistants.values()].some((assistant) => assistant.users !== undefined),
  request: () => false,
  mailbox: () => false,
  "mailbox.verified": () => false,
  "mailbox.stopped": () => false,
  reply: () => false,
  send_at: () => false,
  compose: () => false,
  require: ({ require }) => require !== undefined,
  "recipients.address": () => false,
  "attachments.unsafe": () => false,
  actions: () => true,
  oversight: ({ oversight }) => oversight === "read_only",
  "recipients.deny": ({ recipients }) => recipients.deny.length > 0,
  "recipients.allow": ({ recipients, assistants }) =>
    recipients.allow !== undefined || [...assistants.values()].some(({ allow }) => allow !== undefined),
  "recipients.external": ({ recipients }) => recipients.external !== "allow",
  "recipients.max_per_email": () => true,
  "content.block": ({ content }) => content.block.length > 0,
  "content.flag": ({ content }) => content.flag.length > 0,
  "content.unscannable": ({ content, attachments }) =>
    attachments !== undefined && content.unscannable !== "allow",
  attachments: () => true,
  approval: ({ approval }) => approval.classes.length > 0,
  limits: ({ limits, assistants }) =>
    [limits, ...[...assistants.values()].map((assistant) => assistant.limits)].some(
      ({ perAssistant, perRecipient, perDomain, perUser, team }) =>
        [perAssistant, perRecipient, perDomain, perUser, team].some(({ length }) => length > 0),
    ),
  hours: ({ hours, assistants }) =>
    hours !== undefined || [...assistants.values()].some((assistant) => assistant.hours !== undefined),
  overlap: ({ overlap }) => overlap !== undefined && overlap.action !== "allow",
  first_contact: ({ firstContact }) => firstContact !== "allow",
  after_outside_mail: ({ afterOutsideMail }) =>
    afterOutsideMail !== undefined && afterOutsideMail.newExternal !== "allow",
};

/** The rules that have something to say under a team's policy, but those that every team has and no policy sets. */
export function rulesInUse(policy: TeamPolicy): readonly RuleName[] {
  return (Object.keys(IN_USE) as RuleName[]).filter((rule) => IN_USE[rule](policy));
}
