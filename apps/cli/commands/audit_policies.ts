import { suggest } from "@countersign/core/suggest";
import type { TrailStore } from "@countersign/trail";
import { type FileVersion, fileVersions, type PolicyCommit, policyHistory } from "@countersign/trail/report";
import { Command } from "commander";
import { withTrail } from "../audit/with_trail.ts";
import { formatTable } from "../terminal/format_table.ts";
import { inertLines } from "../terminal/inert_lines.ts";
import { localTime } from "../terminal/parse_time.ts";
import { addZoneOption, readTime } from "../terminal/time_options.ts";
import { UsageError } from "../terminal/usage_error.ts";

interface PoliciesFlags {
  readonly at?: string;
  readonly team?: string;
  readonly tz: string;
  readonly json?: boolean;
}

/** `countersign audit policies`: what was in force from when to when, and by whom. */
export function auditPoliciesCommand(): Command {
  const command = new Command("policies")
    .description("Lists which policies were in force from when to when, and whose commit they came from.")
    .argument("[team]", "of this team's file only; with --at the one whose file is printed")
    .option("--team <team>", "the same")
    .option("--at <time>", "print the file's text as it was in force then: 2026-11-03T12:00Z");
  return addZoneOption(command)
    .option("--json", "print one value")
    .addHelpText("after", EXAMPLES)
    .action(
      async (named: string | undefined, { at, tz, json = false, ...flags }: PoliciesFlags, own: Command) => {
        const team = named ?? flags.team;
        if (named !== undefined && flags.team !== undefined && named !== flags.team)
          own.error("error: one team is named, or the other");
        const time =
          at === undefined ? undefined : readTime(own, "--at <time>", at, { now: Date.now(), zone: tz });
        if (time !== undefined && team === undefined)
          own.error("error: --at needs the team whose file is to be printed");
        await withTrail(async (trail) => {
          if (team !== undefined && time !== undefined)
            await printText(trail, team, { time, zone: tz, json });
          else if (team !== undefined) await listVersions(trail, team, { zone: tz, json });
          else await listPolicies(trail, { zone: tz, json });
        });
      },
    );
}

const EXAMPLES = `
The commit is that of the checkout in which TEAMS_DIR was: the last one that changed these files. "(changed since)" says that the
files were not as the commit has them. Who made it may have been erased. "_organisation" is the organisation's file.

Examples:
  $ countersign audit policies
  $ countersign audit policies --team finance --tz Europe/Berlin
  $ countersign audit policies --at 2026-11-03T12:00Z finance
  $ countersign audit policies --json | jq '.[] | {since, until, author}'`;

interface Options {
  readonly zone: string;
  readonly json: boolean;
}

async function listPolicies(trail: TrailStore, { zone, json }: Options): Promise<void> {
  const listed: object[] = [];
  const rows: (readonly string[])[] = [["FROM", "UNTIL", "POLICY", "COMMIT", "BY", "CHANGED"]];
  for await (const { policy, seq, since, until, files, changed, commit } of policyHistory(trail)) {
    const named = await nameCommit(trail, commit);
    if (json) listed.push({ policy, seq, ...isoOf({ since, until }), files, changed, ...named });
    else {
      const names = changed.map(({ name, hash }) => `${hash === null ? "-" : ""}${name}`);
      const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : "";
      rows.push([
        ...spanOf({ since, until }, zone),
        policy.slice(0, SHORT),
        ...wordsOf(named),
        `${names.slice(0, MOST_NAMES).join(", ")}${more}`,
      ]);
    }
  }
  print(json ? JSON.stringify(listed) : tableOf(rows));
}

async function listVersions(trail: TrailStore, team: string, { zone, json }: Options): Promise<void> {
  const versions = [...(await versionsOf(trail, team))].reverse();
  const listed = await Promise.all(
    versions.map(async ({ commit, ...version }) => ({ version, named: await nameCommit(trail, commit) })),
  );
  if (json) {
    const all = listed.map(({ version: { hash, ...span }, named }) => ({ hash, ...isoOf(span), ...named }));
    return print(JSON.stringify(all));
  }
  const rows = listed.map(({ version, named }) => [
    ...spanOf(version, zone),
    version.hash.slice(0, SHORT),
    ...wordsOf(named),
  ]);
  return print(tableOf([["FROM", "UNTIL", "FILE", "COMMIT", "BY"], ...rows]));
}

async function printText(
  trail: TrailStore,
  team: string,
  { time, zone, json }: Options & { readonly time: number },
): Promise<void> {
  const versions = await versionsOf(trail, team);
  const version = versions.find(({ since, until }) => since <= time && (until === null || time < until));
  const moment = `${localTime(time, zone)} (${zone})`;
  if (version === undefined)
    throw new Error(`Cannot print the policy of "${team}": none was in force at ${moment}`);
  const text = await trail.policyText(version.hash);
  if (text === undefined)
    throw new Error(`Cannot print the policy of "${team}": its text of ${moment} is not on the trail`);
  const { hash, commit, ...span } = version;
  if (json) {
    const named = await nameCommit(trail, commit);
    return print(JSON.stringify({ team, hash, ...isoOf(span), ...named, text }));
  }
  // A file that is written on is the file, byte by byte.
  if (!process.stdout.isTTY) return void process.stdout.write(text);
  return print(inertLines(text.trimEnd(), { width: process.stdout.columns, prefix: "" }).join("\n"));
}

/** So much of a hash tells it apart. */
const SHORT = 12;

/** So many files are named in a row. */
const MOST_NAMES = 3;

/** @throws {UsageError} when no file of that name was ever in force */
async function versionsOf(trail: TrailStore, team: string): Promise<readonly FileVersion[]> {
  const versions = await fileVersions(trail, `${team}.yaml`);
  if (versions.length > 0) return versions;
  const names = new Set<string>();
  for await (const { changed } of policyHistory(trail)) for (const { name } of changed) names.add(name);
  const near = suggest(
    team,
    [...names].map((name) => name.replace(/\.yaml$/, "")),
  );
  throw new UsageError(
    `Unknown team ${JSON.stringify(team)}: ${near === undefined ? "no policy of it is on record" : `did you mean "${near}"?`}`,
  );
}

/** A commit as `--json` has it; null: none, it says nobody, or who was erased. */
interface NamedCommit {
  readonly commit: string | null;
  readonly author: string | null;
  readonly dirty: boolean;
  readonly erased?: true;
}

async function nameCommit(trail: TrailStore, commit: PolicyCommit | undefined): Promise<NamedCommit> {
  if (commit === undefined) return { commit: null, author: null, dirty: false };
  const { id, author, isDirty } = commit;
  const name = author === undefined ? undefined : (await trail.unseal([author])).get(author);
  return {
    ...{ commit: id, author: name ?? null, dirty: isDirty },
    ...(author !== undefined && name === undefined && { erased: true as const }),
  };
}

function wordsOf({ commit, author, dirty, erased }: NamedCommit): readonly string[] {
  if (commit === null) return ["-", "-"];
  return [
    `${commit.slice(0, SHORT)}${dirty ? " (changed since)" : ""}`,
    author ?? (erased ? "(erased)" : "-"),
  ];
}

function spanOf({ since, until }: Pick<FileVersion, "since" | "until">, zone: string): readonly string[] {
  return [localTime(since, zone), until === null ? "in force" : localTime(until, zone)];
}

function isoOf({ since, until }: Pick<FileVersion, "since" | "until">) {
  return {
    since: new Date(since).toISOString(),
    until: until === null ? null : new Date(until).toISOString(),
  };
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.length === 1 ? "No policy is on record" : formatTable(rows);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
