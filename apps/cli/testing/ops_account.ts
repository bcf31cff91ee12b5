import type { TestContext } from "node:test";
import type { PolicySet } from "@countersign/core/policy";
import { loadTeams, parseEnv, type Settings } from "@countersign/host";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "@countersign/sandbox";
import { type Access, openAccess } from "../plan/access.ts";
import { OPS } from "./team_files.ts";
import { tempFolder } from "./temp_folder.ts";

/** A team, its account at a local MultiMail, and the keys to it. */
export interface OpsAccount {
  readonly sandbox: RunningSandbox;
  readonly policies: PolicySet;
  readonly settings: Settings;
  readonly access: Access;
  /** Holds `teams/ops.yaml`. */
  readonly folder: string;
  /** For a command that is run in `folder`. */
  readonly env: Readonly<Record<string, string>>;
  /** The code that MultiMail mailed last. */
  lastCode(): string;
  /** Changes the mailbox as a person at MultiMail would. */
  change(settings: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The mailbox of team `ops`. */
export const OPS_MAILBOX = "mbx-ops";

/** How to start an account. */
export interface OpsAccountOptions extends SandboxOptions {
  /** Replaces variables; those that are empty are unset. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the team's mailbox. */
  readonly address?: string;
}

/** Starts an account for one test. */
export async function startOpsAccount(
  t: TestContext,
  { env: changes = {}, address = "ops@acme.multimail.dev", ...sandboxOptions }: OpsAccountOptions = {},
): Promise<OpsAccount> {
  const folder = tempFolder({ "teams/ops.yaml": OPS.replace("ops@acme.multimail.dev", address) });
  const loaded = await loadTeams(`${folder}/teams`);
  if (!loaded.ok) throw new Error("Cannot load the policies");
  const { policies } = loaded;
  let code = "";
  const sandbox = await startSandbox({
    policies,
    onOperatorMail: (mail) => {
      code = mail.code;
    },
    ...sandboxOptions,
  });
  const env = {
    MULTIMAIL_API_URL: sandbox.url,
    MULTIMAIL_API_KEY: sandbox.apiKey,
    MULTIMAIL_ADMIN_KEY: sandbox.adminKey,
    ...changes,
  };
  const settings = { ...parseEnv(env), dataDir: `${folder}/data` };
  const access = openAccess(policies, { settings, env });
  t.after(async () => {
    await access.close();
    await sandbox.close();
  });
  return {
    sandbox,
    policies,
    settings,
    access,
    folder,
    env,
    lastCode: () => code,
    change: async (body) => {
      await fetch(`${sandbox.url}/sandbox/mailboxes/${OPS_MAILBOX}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    },
  };
}
