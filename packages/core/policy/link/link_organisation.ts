import { DEFAULT_API_KEY_ENV } from "../check/check_mailboxes.ts";
import type { Access, NotifyChannel, OrganisationPolicy } from "../organisation_policy.ts";
import type { AccessFile, ChannelFile } from "../schema/access.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import { linkDelegates } from "./_link_approval.ts";
import { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** Links what the organisation's file, which has no problems, says besides its bounds. */
export function linkOrganisation(organisation: LinkedFile<OrganisationFile>): OrganisationPolicy {
  const { auditors = [], operators = [], notify, hours } = organisation.content;
  const names = new LinkedNames(undefined, organisation);
  return {
    auditors: linkAccess(organisation, names, { path: "auditors", list: auditors }),
    operators: linkAccess(organisation, names, { path: "operators", list: operators }),
    channels: new Map(
      Object.entries(notify?.channels ?? {}).map(([name, channel]) => [
        name,
        linkChannel(organisation, `notify.channels.${name}`, channel),
      ]),
    ),
    delegates: linkDelegates(organisation, names, hours?.timezone),
  };
}

function linkAccess(
  organisation: LinkedFile<OrganisationFile>,
  names: LinkedNames,
  { path, list }: { readonly path: string; readonly list: readonly AccessFile[] },
): Access {
  const entries = list.map(({ value, text }, index) => ({ value, text, path: `${path}[${index}]` }));
  const people = entries.flatMap(({ value, text, path }) =>
    "claim" in value ? [] : names.people(organisation, path, [{ value, text }], "one"),
  );
  return {
    people: people.filter(
      (one, index) => people.findIndex(({ address }) => address === one.address) === index,
    ),
    claims: entries.flatMap(({ value, text, path }) =>
      "claim" in value ? [{ value: value.claim, text, where: placeIn(organisation, path) }] : [],
    ),
  };
}

/** Which keys go with which kind was checked. */
function linkChannel(
  organisation: LinkedFile<OrganisationFile>,
  path: string,
  { kind, url_env: urlEnv = "", secret_env: secretEnv = "", mailbox }: ChannelFile,
): NotifyChannel {
  const where = placeIn(organisation, path);
  if (kind === "webhook") return { kind, urlEnv, secretEnv, where };
  if (kind !== "email") return { kind, urlEnv, where };
  if (mailbox === undefined) throw new RangeError(`Cannot link ${path}: it has no mailbox`);
  const { id, address, api_key_env: apiKeyEnv = DEFAULT_API_KEY_ENV } = mailbox;
  return { kind, mailbox: { id, address: address.value.address, apiKeyEnv }, where };
}
