import { parseAddress } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { formatWhere } from "../where.ts";
import { type Entry, entriesAt, textsAt } from "./_entries_at.ts";

/** The variable that holds the API key where a file names none. */
export const DEFAULT_API_KEY_ENV = "MULTIMAIL_API_KEY";

/** What a team's mailbox and the listed one must have in common, in the form in which it is compared. */
const FIELDS: readonly { readonly name: string; readonly canonical: (text: string) => string }[] = [
  { name: "id", canonical: (text) => text },
  { name: "address", canonical: addressKey },
  { name: "api_key_env", canonical: (text) => text },
];

/** What no two mailboxes have in common. */
export const MAILBOX_FIELDS: typeof FIELDS = FIELDS.slice(0, 2);

/** Where a team has another mailbox, or another key, than the organisation's `mailboxes` gives it. */
export function checkMailbox(team: PolicyDocument, organisation: PolicyDocument): readonly PolicyProblem[] {
  const [list] = entriesAt(organisation, "mailboxes");
  const [own] = entriesAt(team, "mailbox");
  if (list === undefined || own === undefined) return [];
  const name = team.name.replace(/\.yaml$/, "");
  const [listed] = entriesAt(organisation, `mailboxes.${name}`);
  if (listed === undefined) {
    const message = `The organisation lists mailboxes (${formatWhere(list.where)}), and none for this team`;
    return [{ where: own.where, path: own.path, message }];
  }
  return FIELDS.flatMap(({ name: field, canonical }) => {
    const wanted = fieldOf(organisation, listed, field);
    const found = fieldOf(team, own, field);
    // What is missing or no text has its own problem.
    if (wanted === undefined || found === undefined) return [];
    if (canonical(found.value) === canonical(wanted.value)) return [];
    const message = `Must be "${wanted.value}", as the organisation lists it (${formatWhere(wanted.where)})`;
    return [{ where: found.where, path: found.path, message }];
  });
}

/** Where two teams are given the same mailbox. */
export function checkListedMailboxes(organisation: PolicyDocument): readonly PolicyProblem[] {
  const teams = Object.keys(entriesAt(organisation, "mailboxes")[0]?.value ?? {});
  return MAILBOX_FIELDS.flatMap(({ name, canonical }) => {
    const first = new Map<string, Entry>();
    return teams
      .flatMap((team) => textsAt(organisation, `mailboxes.${team}.${name}`))
      .flatMap((entry) => {
        const taken = first.get(canonical(entry.value));
        if (taken === undefined) first.set(canonical(entry.value), entry);
        if (taken === undefined) return [];
        const { where, path } = entry;
        return [{ where, path, message: `Mailbox is given to two teams: see ${formatWhere(taken.where)}` }];
      });
  });
}

function fieldOf(document: PolicyDocument, mailbox: Entry, field: string) {
  const [found] = textsAt(document, `${mailbox.path}.${field}`);
  const isAbsent = entriesAt(document, `${mailbox.path}.${field}`).length === 0;
  const { where, path } = mailbox;
  return (
    found ?? (field === "api_key_env" && isAbsent ? { where, path, value: DEFAULT_API_KEY_ENV } : undefined)
  );
}

function addressKey(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.key : text;
}
