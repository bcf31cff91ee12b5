import { existsSync } from "node:fs";
import { join } from "node:path";
import { ORGANISATION_FILE, type PolicyProblem } from "@countersign/core/policy";
import { loadTeams, parseEnv } from "@countersign/host";
import { Command, Option } from "commander";
import { askAnswers } from "../init/ask_answers.ts";
import { createFile } from "../init/create_file.ts";
import { type FirstFile, firstFiles } from "../init/first_files.ts";
import { QUESTIONS, splitList, type TeamAnswers } from "../init/questions.ts";
import { problemsError } from "../policy/require_policies.ts";

interface InitFlags extends Partial<TeamAnswers> {
  readonly organisation?: boolean;
  readonly json?: boolean;
}

/** `countersign init [dir]`: a first team file, from flags or asked for. It never writes over a file. */
export function initCommand(): Command {
  const command = new Command("init")
    .description("Writes a first team file. What no flag says is asked for on a terminal.")
    .argument("[dir]", "folder of team files (default: TEAMS_DIR)");
  for (const { flag, text } of Object.values(QUESTIONS))
    command.addOption(new Option(`--${flag} <value>`, text));
  return command
    .option("--organisation", `write ${ORGANISATION_FILE} too, which bounds every team`)
    .option("--json", 'print {"files": […]}')
    .addHelpText("after", EXAMPLES)
    .action(async (given: string | undefined, flags: InitFlags, command: Command) => {
      const dir = given ?? parseEnv(process.env, ["teamsDir"]).teamsDir;
      const options = {
        dir,
        organisation: flags.organisation ?? false,
        existing: await policiesIn(dir),
      };
      const answers = await answer(flags, options, command);
      const { files, problems } = firstFiles(answers, options);
      for (const { name } of files) refuseToReplace(join(dir, name));
      if (problems.length > 0) throw problemsError(dir, problems);
      const paths = files.map(({ name }) => join(dir, name));
      for (const { name, text } of files) await createFile(join(dir, name), text);
      if (flags.json) {
        console.log(JSON.stringify({ files: paths }));
        return;
      }
      for (const path of paths) console.log(`Wrote ${path}`);
      console.log(
        `Next: countersign explain ${answers.team}, countersign keys new ${answers.team}/${splitList(answers.assistants)[0]}`,
      );
    });
}

const EXAMPLES = `
Lists are separated by commas. A file that is there is never written over.

Examples:
  $ countersign init
  $ countersign init --team support --mailbox-id 01KJ1NHN8J0000000000000000 --mailbox-address support@acme.multimail.dev \\
      --approvers support-lead@acme.example --assistants ticket-helper`;

async function answer(
  { organisation: _, json: __, ...given }: InitFlags,
  options: Parameters<typeof firstFiles>[1],
  command: Command,
): Promise<TeamAnswers> {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const answers = isTerminal
    ? await askAnswers(given, {
        input: process.stdin,
        output: process.stderr,
        problemAt: (path, soFar) => problemAt(path, soFar, options),
      })
    : withFallbacks(given);
  const missing = keysOf().filter((key) => answers[key] === undefined);
  if (missing.length > 0)
    command.error(`error: missing ${missing.map((key) => `--${QUESTIONS[key].flag}`).join(" ")}`);
  return { ...PLACEHOLDERS, ...answers };
}

function withFallbacks(given: Partial<TeamAnswers>): Partial<TeamAnswers> {
  let answers = given;
  for (const key of keysOf()) {
    const value = answers[key] ?? QUESTIONS[key].fallback?.(answers);
    if (value !== undefined) answers = { ...answers, [key]: value };
  }
  return answers;
}

/** What is wrong at a path, whatever is to be answered to the other questions. */
function problemAt(
  path: string,
  answers: Partial<TeamAnswers>,
  options: Parameters<typeof firstFiles>[1],
): string | undefined {
  const { files, problems } = firstFiles({ ...PLACEHOLDERS, ...answers }, options);
  const [team] = files;
  if (path === "team" && team !== undefined && existsSync(join(options.dir, team.name)))
    return `${join(options.dir, team.name)} is there already`;
  const file = join(options.dir, team?.name ?? "");
  // What is wrong with the file as a whole is its name, which is the team's.
  const isHere = (problem: PolicyProblem) =>
    problem.where.file === file &&
    (problem.path.startsWith(path) || (path === "team" && problem.path === ""));
  return problems.find(isHere)?.message;
}

const PLACEHOLDERS: TeamAnswers = {
  team: "team",
  description: "Email",
  mailboxId: "mailbox",
  mailboxAddress: "mailbox@acme.example",
  oversight: "read_only",
  approvers: "",
  assistants: "assistant",
  internal: "",
};

function keysOf(): readonly (keyof TeamAnswers)[] {
  return Object.keys(QUESTIONS) as (keyof TeamAnswers)[];
}

async function policiesIn(dir: string): Promise<readonly FirstFile[]> {
  if (!existsSync(dir)) return [];
  const loaded = await loadTeams(dir);
  if (loaded.ok) return loaded.policies.files;
  const isEmpty = loaded.problems.length === 1 && /^No team file in /.test(loaded.problems[0]?.message ?? "");
  if (isEmpty) return [];
  throw problemsError(dir, loaded.problems);
}

function refuseToReplace(path: string): void {
  if (existsSync(path)) throw new Error(`Cannot create "${path}": it is there already`);
}
