import type { PolicyProblem } from "../policy_problem.ts";
import type { TeamPolicy } from "../team_policy.ts";
import { whereOf } from "../where_of.ts";

/** Media types whose text is read; of an archive, as far as what is in it is. */
const READ =
  /^text\/|^message\/rfc822$|^image\/svg\+xml$|[/+](?:pdf|x-pdf|rtf|json|xml|yaml|x-yaml|toml|csv|sql|x-ndjson|x-subrip|zip|x-zip-compressed|gzip|x-gzip|x-tgz|x-compressed-tar|x-tar)$|^application\/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\./;

const BECOMES = {
  deny: "email with such a file is refused",
  flag: "email with such a file needs a person, or is refused where nothing is held for one",
  allow: "what such a file says leaves unseen",
} as const;

/** Where a team attaches files that nobody here can read, although there are things that its email must not say. */
export function warnUnscannable(policy: TeamPolicy): readonly PolicyProblem[] {
  const { content, attachments } = policy;
  if (attachments === undefined || content.block.length + content.flag.length === 0) return [];
  const where = whereOf(policy, "content.unscannable");
  // Whoever wrote what becomes of them knows it.
  if (policy.source.places.has("content.unscannable") && where.file === policy.source.file) return [];
  return attachments.allow.flatMap(({ value, where: type }, index) => {
    if (READ.test(value)) return [];
    const message = `Content rules cannot read "${value}": ${BECOMES[content.unscannable]} (content.unscannable: ${content.unscannable})`;
    return [{ where: type, path: `attachments.allow[${index}]`, message }];
  });
}
