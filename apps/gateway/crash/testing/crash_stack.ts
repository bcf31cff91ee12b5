import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkTeams, type TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { MultiMailClient } from "@countersign/multimail";
import { startSandbox } from "@countersign/sandbox";

/** A sandbox, and everything on disk and in the environment that gateway processes need to work against it. */
export interface CrashStack {
  /** A folder for whatever a test needs, which goes when the stack does. */
  readonly dir: string;
  readonly dataDir: string;
  /** The policies' folder, and their files, with the assistants' keys. */
  readonly teamsDir: string;
  readonly teams: TeamTexts;
  /** Of the sandbox: who has it decides. */
  readonly oversightKey: string;
  readonly env: Readonly<Record<string, string>>;
  /** The team lead at MultiMail. */
  readonly lead: MultiMailClient;
  /** By `team/assistant`. */
  keyOf(assistant: string): string;
  /** Calls the sandbox's own routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** What is not as usual. */
export interface CrashStackOptions {
  /** The trail is there, and not in the folder. */
  readonly databaseUrl?: string | undefined;
  /** Whose email is sent. @default two departments */
  readonly teams?: TeamTexts;
}

/** Starts what a crash test needs around the gateways. */
export async function startCrashStack({
  databaseUrl,
  teams: texts = CRASH_TEAMS,
}: CrashStackOptions = {}): Promise<CrashStack> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-crash-"));
  const { teams, keys } = withFreshKeys(texts);
  const sandbox = await startSandbox({ policies: linkTeams(teams), scanMs: 5 });
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
  const [teamsDir, dataDir] = [join(dir, "teams"), join(dir, "data")];
  await mkdir(teamsDir);
  for (const [name, text] of Object.entries(teams)) await writeFile(join(teamsDir, name), text);
  return {
    dir,
    dataDir,
    ...{ teamsDir, teams, oversightKey: sandbox.oversightKey },
    env: {
      PORT: "0",
      DATA_DIR: dataDir,
      TEAMS_DIR: teamsDir,
      MULTIMAIL_API_URL: sandbox.url,
      MULTIMAIL_API_KEY: sandbox.apiKey,
      LOG_LEVEL: "fatal",
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    },
    lead,
    keyOf: (assistant) => keys.get(assistant) ?? "csk_nobody",
    control: async (method, path, body) => {
      const headers = { "Content-Type": "application/json" };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      return (await fetch(`${sandbox.url}${path}`, init)).json();
    },
    close: async () => {
      await lead.close();
      await sandbox.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** Two departments: one whose email leaves at once, one whose email waits for its lead. Both add to what is asked for. */
const CRASH_TEAMS: TeamTexts = {
  "open.yaml": `
team: open
mailbox: { id: mbx-open, address: open@acme.multimail.dev }
oversight: monitored
assistants: [{ id: open-bot, actions: [send, reply], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
compose: { subject_prefix: "[Open] ", footer: "Acme SA, registered in Paris", cc: [records@acme.example], bcc: [archive@acme.example] }
`,
  "gated.yaml": `
team: gated
mailbox: { id: mbx-gated, address: gated@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: gated-bot, actions: [send], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
compose: { footer: "Acme SA, registered in Paris" }
`,
};
