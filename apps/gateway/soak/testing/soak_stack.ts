import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { MultiMailClient } from "@countersign/multimail";
import { type RunningProgram, startProgram } from "../../bench/testing/start_program.ts";
import { SOAK_TEAMS } from "./soak_teams.ts";

/** A sandbox and gateways, each in a process of its own, as `npm start` runs them. */
export interface SoakStack {
  readonly gateways: readonly RunningProgram[];
  readonly teamsDir: string;
  readonly dataDir: string;
  /** The team lead at MultiMail. */
  readonly lead: MultiMailClient;
  /** By team. */
  keyOf(team: string): string;
  /** Calls the sandbox's own routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Ends the gateways; what is on disk stays. */
  stop(): Promise<void>;
  /** Ends the rest, and takes everything away. */
  close(): Promise<void>;
}

const COMMAND = fileURLToPath(new URL("../../../cli/countersign.js", import.meta.url));
const SANDBOX = fileURLToPath(new URL("./soak_sandbox.ts", import.meta.url));

/** Starts the stack; with `databaseUrl` two gateways share a trail there. MultiMail's webhooks go to the first. */
export async function startSoakStack(databaseUrl?: string): Promise<SoakStack> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-soak-"));
  const { teams, keys } = withFreshKeys(SOAK_TEAMS);
  const [teamsDir, dataDir] = [join(dir, "teams"), join(dir, "data")];
  await mkdir(teamsDir);
  for (const [name, text] of Object.entries(teams)) await writeFile(join(teamsDir, name), text);
  const [apiKey, oversightKey] = [secret("mm_test_"), secret("mm_test_")];
  const webhookSecret = secret("whsec_");
  const port = await freePort();
  const sandbox = await startProgram(["--max-old-space-size=8192", "--import", "tsx", SANDBOX], {
    TEAMS_DIR: teamsDir,
    WEBHOOK_URL: `http://127.0.0.1:${port}/webhooks/multimail`,
    API_KEY: apiKey,
    OVERSIGHT_KEY: oversightKey,
    WEBHOOK_SECRET: webhookSecret,
  });
  const start = (index: number) =>
    startProgram([COMMAND, "serve"], {
      PORT: String(index === 0 ? port : 0),
      DATA_DIR: `${dataDir}${databaseUrl === undefined ? "" : index}`,
      TEAMS_DIR: teamsDir,
      MULTIMAIL_API_URL: sandbox.url,
      MULTIMAIL_API_KEY: apiKey,
      MULTIMAIL_WEBHOOK_SECRET: webhookSecret,
      // The assistants are few for so many calls.
      REQUESTS_PER_MINUTE: "1000000",
      LOG_LEVEL: "fatal",
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    });
  const gateways = [await start(0), ...(databaseUrl === undefined ? [] : [await start(1)])];
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: oversightKey });
  return {
    gateways,
    teamsDir,
    dataDir,
    lead,
    keyOf: (team) => keys.get(`${team}/bot`) ?? "",
    control: async (method, path, body) => {
      const headers = { "Content-Type": "application/json" };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      return (await fetch(`${sandbox.url}${path}`, init)).json();
    },
    stop: async () => {
      await Promise.all(gateways.map(({ close }) => close()));
    },
    close: async () => {
      await lead.close();
      await sandbox.close();
      await rm(dir, { recursive: true });
    },
  };
}

function secret(prefix: string): string {
  return prefix + randomBytes(18).toString("base64url");
}

/** MultiMail has to know where to tell what happens before the gateway starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
