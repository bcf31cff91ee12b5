import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startConsole } from "@countersign/console";
import type { PolicySet } from "@countersign/core/policy";
import { startGateway } from "@countersign/gateway";
import { addAssistantKey, createAssistantKey, ensureDataDir, type Settings } from "@countersign/host";
import { startSandbox } from "@countersign/sandbox";
import { requirePolicies } from "../policy/require_policies.ts";

/** What an earlier demo left. Its checkpoints go with its trail: the new one does not extend them. */
const REPLACED = [
  "teams",
  "trail.sqlite",
  "trail.sqlite-wal",
  "trail.sqlite-shm",
  "checkpoints",
  "console",
  "demo.json",
];

/** What `demo.json` holds: everything that a person or a program needs to try the demo. */
export interface DemoFile {
  readonly gateway: string;
  /** Where Dust calls. */
  readonly mcp: string;
  /** A link that signs the lead in to the console, once, within ten minutes. */
  readonly console: string;
  readonly sandbox: {
    readonly url: string;
    readonly api_key: string;
    readonly oversight_key: string;
    readonly admin_key: string;
    readonly webhook_secret: string;
  };
  readonly teams: readonly DemoTeam[];
}

/** One team of the demo, with a fresh key for each assistant. */
export interface DemoTeam {
  readonly team: string;
  readonly mailbox_id: string;
  readonly mailbox_address: string;
  readonly oversight: string;
  readonly assistants: readonly { readonly id: string; readonly key: string }[];
}

/** A gateway, a console and a local MultiMail that serve. */
export interface RunningDemo {
  readonly file: DemoFile;
  /** Where the console serves, and as whom its link signs in. */
  readonly console: { readonly url: string; readonly lead: string };
  /** The demo's own `DATA_DIR`. */
  readonly dataDir: string;
  close(): Promise<void>;
}

/**
 * Starts the demo in `$DATA_DIR/demo`: a copy of the policies with fresh keys, the sandbox with the mailboxes that they
 * name, the gateway and the console. The trail and the policies of an earlier demo are replaced; nothing else is touched.
 */
export async function startDemo(settings: Settings): Promise<RunningDemo> {
  const declared = await requirePolicies(settings.teamsDir);
  const sandbox = await startSandbox({
    host: settings.host,
    port: settings.sandboxPort,
    policies: declared,
  });
  const started: { close(): Promise<void> }[] = [sandbox];
  const close = async () => {
    for (const one of started.toReversed()) await one.close();
  };
  try {
    const dataDir = join(settings.dataDir, "demo");
    const teamsDir = join(dataDir, "teams");
    await ensureDataDir(settings.dataDir);
    await ensureDataDir(dataDir);
    for (const name of REPLACED) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
    await mkdir(teamsDir, { recursive: true });
    await cp(settings.teamsDir, teamsDir, { recursive: true });
    const keys = await issueKeys(teamsDir, declared);
    const policies = await requirePolicies(teamsDir);
    const own: Settings = {
      ...withoutAudit(settings),
      ...{ dataDir, teamsDir, multimailApiUrl: sandbox.url, logLevel: quiet(settings.logLevel) },
      ...{ consoleDataDir: join(dataDir, "console"), consoleAuth: "link" },
    };
    const env = (name: string, apiKey: string) =>
      Object.fromEntries(
        [...policies.teams.values()].map(({ mailbox }) => [mailbox.apiKeyEnv.replace("API", name), apiKey]),
      );
    const gateway = await startGateway({
      settings: own,
      policies,
      teamsDir,
      env: env("API", sandbox.apiKey),
    });
    started.push(gateway);
    // Both in one process, which nobody else's text reaches: elsewhere only the console has the key that decides.
    const oversight = env("OVERSIGHT", sandbox.oversightKey);
    const running = await startConsole({ settings: own, policies, teamsDir, env: oversight, demo: true });
    started.push(running);
    const lead = leadOf(policies);
    const file: DemoFile = {
      gateway: gateway.url,
      mcp: `${gateway.url}/mcp`,
      console: await running.link(lead),
      sandbox: {
        url: sandbox.url,
        api_key: sandbox.apiKey,
        oversight_key: sandbox.oversightKey,
        admin_key: sandbox.adminKey,
        webhook_secret: sandbox.webhookSecret,
      },
      teams: [...policies.teams.values()].map(({ team, mailbox, oversight, assistants }) => ({
        team,
        mailbox_id: mailbox.id,
        mailbox_address: mailbox.address,
        oversight,
        assistants: [...assistants.keys()].map((id) => ({ id, key: keys.get(`${team}/${id}`) ?? "" })),
      })),
    };
    await writePrivately(join(dataDir, "demo.json"), `${JSON.stringify(file, null, 2)}\n`);
    return { file, dataDir, console: { url: running.url, lead }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Who decides on finance's email, which the scenario is about; without such a team, on the first's that names anybody. */
function leadOf({ teams }: PolicySet): string {
  const approvers = [teams.get("finance"), ...teams.values()].flatMap((team) => team?.approvers ?? []);
  const [lead] = approvers;
  if (lead === undefined)
    throw new Error("Cannot start the demo: no team in TEAMS_DIR names approvers, so nobody can decide");
  return lead;
}

/** Gives every assistant a key of its own, its hash into the copied policy. Returns the keys by `team/assistant`. */
async function issueKeys(teamsDir: string, policies: PolicySet): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const { team, assistants } of policies.teams.values()) {
    const path = join(teamsDir, `${team}.yaml`);
    let text = await readFile(path, "utf8");
    for (const id of assistants.keys()) {
      const { key, hash } = createAssistantKey();
      text = addAssistantKey(text, id, hash);
      keys.set(`${team}/${id}`, key);
    }
    await writeFile(path, text);
  }
  return keys;
}

/** The demo's checkpoints are nobody's business: they stay in its folder, signed by a key of its own. */
function withoutAudit({ auditSigningKey, auditOrigin, consoleDatabaseUrl, ...settings }: Settings): Settings {
  return { ...settings, auditCheckpointTo: [], auditWitnesses: [] };
}

/** The demo speaks in plain sentences; its log is for when something is wrong. */
function quiet(level: Settings["logLevel"]): Settings["logLevel"] {
  return level === "info" ? "error" : level;
}

/** Whoever reads the file finds it whole, and nobody else on the machine can. */
async function writePrivately(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
