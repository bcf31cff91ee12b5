import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { ComposeFile, RequiredFile } from "../schema/sections.ts";
import type { TeamFile } from "../schema/team_file.ts";
import type { ComposedCopy, ComposePolicy, Located, RequiredText, RequirePolicy } from "../team_policy.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** What the team's and the organisation's file add to every email; undefined: nothing. */
export function linkCompose(
  team: LinkedFile<TeamFile>,
  organisation: LinkedFile<OrganisationFile> | undefined,
): ComposePolicy | undefined {
  const sources = [team, organisation].filter((source) => source !== undefined);
  const prefix = team.content.compose?.subject_prefix;
  const footers = sources.flatMap((source): readonly Located<string>[] => {
    const text = source.content.compose?.footer?.trim();
    return text === undefined ? [] : [{ value: text, text, where: placeIn(source, "compose.footer") }];
  });
  const copies = new Map<string, ComposedCopy>();
  const own = team.content.mailbox.address.value.key;
  for (const field of ["cc", "bcc"] as const) {
    for (const source of sources) {
      for (const [index, { value: address }] of copiesIn(source.content.compose, field).entries()) {
        // The organisation's archive may be the mailbox of one of its teams.
        if (address.key === own || copies.has(address.key)) continue;
        const where = placeIn(source, `compose.${field}[${index}]`);
        copies.set(address.key, { field, address, where });
      }
    }
  }
  if (prefix === undefined && footers.length === 0 && copies.size === 0) return undefined;
  return {
    ...(prefix !== undefined && {
      subjectPrefix: { value: prefix, text: prefix, where: placeIn(team, "compose.subject_prefix") },
    }),
    footers,
    copies: [...copies.values()],
  };
}

function copiesIn(compose: ComposeFile | undefined, field: "cc" | "bcc"): NonNullable<ComposeFile["cc"]> {
  return compose?.[field] ?? [];
}

/** What a team's file requires of every email; undefined: nothing. */
export function linkRequire(team: LinkedFile<TeamFile>): RequirePolicy | undefined {
  const { subject, body } = team.content.require ?? {};
  if (subject === undefined && body === undefined) return undefined;
  const link = (path: string, required: RequiredFile): RequiredText => {
    const where = placeIn(team, path);
    return typeof required === "string" ? { pattern: required, where } : { ...required, where };
  };
  return {
    ...(subject !== undefined && { subject: link("require.subject", subject) }),
    ...(body !== undefined && { body: link("require.body", body) }),
  };
}
