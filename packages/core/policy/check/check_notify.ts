import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { CHANNEL_KINDS, type ChannelFile } from "../schema/access.ts";
import { formatWhere } from "../where.ts";
import { type Entry, entriesAt, textsAt } from "./_entries_at.ts";
import { MAILBOX_FIELDS } from "./check_mailboxes.ts";
import { namesIn } from "./check_names.ts";

/** The keys that each kind of channel must have, and no others. */
const KEYS: Readonly<Record<ChannelFile["kind"], readonly string[]>> = {
  slack: ["url_env"],
  teams: ["url_env"],
  webhook: ["url_env", "secret_env"],
  email: ["mailbox"],
};

/** What is wrong in the organisation's channels: keys that a kind lacks or does not have, and a mailbox that is a team's. */
export function checkNotify(organisation: PolicyDocument): readonly PolicyProblem[] {
  const teams = namesIn([organisation], "mailboxes").map((team) => `mailboxes.${team}`);
  return channelsIn(organisation).flatMap(({ channel, kind }): readonly PolicyProblem[] => {
    const allKeys = [...new Set(Object.values(KEYS).flat())];
    const keys = allKeys.flatMap((key): readonly PolicyProblem[] => {
      const [entry] = entriesAt(organisation, `${channel.path}.${key}`);
      if ((entry !== undefined) === KEYS[kind].includes(key)) return [];
      const message =
        entry === undefined
          ? `Missing key "${key}": kind "${kind}" needs it`
          : `Must not stand beside kind "${kind}"`;
      return [{ where: (entry ?? channel).where, path: `${channel.path}.${key}`, message }];
    });
    return [...keys, ...sharedMailbox(organisation, channel, { document: organisation, paths: teams })];
  });
}

/** Where a team's mailbox is one from which notices are sent: they would be the team's email. */
export function checkNotifyMailbox(
  team: PolicyDocument,
  organisation: PolicyDocument,
): readonly PolicyProblem[] {
  return channelsIn(organisation).flatMap(({ channel }) =>
    MAILBOX_FIELDS.flatMap(({ name, canonical }) => {
      const [own] = textsAt(team, `mailbox.${name}`);
      const [other] = textsAt(organisation, `${channel.path}.mailbox.${name}`);
      if (own === undefined || other === undefined || canonical(own.value) !== canonical(other.value))
        return [];
      const message = `Must be another mailbox: notices are sent from this one (${formatWhere(other.where)})`;
      return [{ where: own.where, path: own.path, message }];
    }),
  );
}

function sharedMailbox(
  organisation: PolicyDocument,
  channel: Entry,
  teams: { readonly document: PolicyDocument; readonly paths: readonly string[] },
): readonly PolicyProblem[] {
  return MAILBOX_FIELDS.flatMap(({ name, canonical }) => {
    const [own] = textsAt(organisation, `${channel.path}.mailbox.${name}`);
    const taken = teams.paths
      .flatMap((path) => textsAt(teams.document, `${path}.${name}`))
      .find(({ value }) => own !== undefined && canonical(value) === canonical(own.value));
    if (own === undefined || taken === undefined) return [];
    const message = `Must be a mailbox of no team: see ${formatWhere(taken.where)}`;
    return [{ where: own.where, path: own.path, message }];
  });
}

function channelsIn(
  organisation: PolicyDocument,
): readonly { readonly channel: Entry; readonly kind: ChannelFile["kind"] }[] {
  return namesIn([organisation], "notify.channels")
    .flatMap((name) => entriesAt(organisation, `notify.channels.${name}`))
    .flatMap((channel) => {
      const [entry] = textsAt(organisation, `${channel.path}.kind`);
      const kind = CHANNEL_KINDS.find((one) => one === entry?.value);
      return kind === undefined ? [] : [{ channel, kind }];
    });
}
