import { type Environment, isLoopback, parseEnv, SETTING_VARIABLES, type Settings } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { databaseFindings } from "./check_database.ts";

const WHAT = "console";

/** For one request, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** Of which one is set where there is a console. */
const OWN = [
  "consolePort",
  "consoleUrl",
  "consoleAuth",
  "consoleDataDir",
  "consoleDatabaseUrl",
  "oidcIssuer",
  "oidcClientId",
  "oidcClientSecret",
] as const satisfies readonly (keyof Settings)[];

const READ = [...OWN, "databaseUrl"] as const;

type ConsoleEnv = Pick<Settings, (typeof READ)[number]>;

/** Where there is a console: people reach it where `CONSOLE_URL` says, can sign in to it, and its database keeps what it is told. */
export async function checkConsole(env: Environment): Promise<readonly Diagnosis[]> {
  if (!OWN.some((name) => env[SETTING_VARIABLES[name]])) {
    const message =
      "No CONSOLE_ or OIDC_ variable is set: people decide in a console on this machine, or at MultiMail";
    return [{ what: WHAT, level: "ok", message }];
  }
  const settings = parseEnv(env, READ);
  const found = await Promise.all([checkUrl(settings), checkIssuer(settings), checkStore(settings)]);
  return found.flat();
}

async function checkUrl({ consoleUrl, consoleAuth }: ConsoleEnv): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  if (consoleUrl.endsWith(":0"))
    return [
      warning("CONSOLE_PORT is 0: nobody knows where the console is", "Set CONSOLE_PORT, or CONSOLE_URL"),
    ];
  if (consoleAuth === "oidc" && isLoopback(new URL(consoleUrl).hostname))
    found.push(
      warning(
        `People sign in with their company account, and ${consoleUrl} is for this machine only`,
        "Set CONSOLE_URL to how people reach the console",
      ),
    );
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${consoleUrl}/healthz`, { redirect: "manual", signal });
    const answer = await response.text();
    if (!response.ok || !/"status"\s*:\s*"ok"/.test(answer.slice(0, 1_000)))
      found.push(
        problem(
          `What answers at ${consoleUrl} is not the console (${response.status})`,
          "Set CONSOLE_URL to how people reach the console, or correct the proxy before it",
        ),
      );
    else found.push({ what: WHAT, level: "ok", message: `It answers at ${consoleUrl}` });
  } catch {
    found.push(
      warning(`Nothing answers at ${consoleUrl}`, "Start it: countersign console; or correct CONSOLE_URL"),
    );
  }
  return found;
}

async function checkIssuer(settings: ConsoleEnv): Promise<readonly Diagnosis[]> {
  const { consoleAuth, consoleUrl, oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret } = settings;
  if (consoleAuth !== "oidc") {
    const message = "CONSOLE_AUTH is not oidc: people sign in by links, on this machine only";
    if (issuer === undefined) return [{ what: WHAT, level: "ok", message }];
    return [
      warning(
        "OIDC_ISSUER means nothing: CONSOLE_AUTH is not oidc",
        "Set CONSOLE_AUTH=oidc, or unset OIDC_ISSUER",
      ),
    ];
  }
  if (issuer === undefined || clientId === undefined)
    return [
      problem(
        "Nobody can sign in: CONSOLE_AUTH is oidc, and OIDC_ISSUER and OIDC_CLIENT_ID must be set",
        "Set both to what the identity provider says of this client",
      ),
    ];
  // Whoever has no such console need not wait for it.
  const { OidcClient } = await import("@countersign/console");
  const clientSecret = oidcClientSecret === undefined ? {} : { clientSecret: oidcClientSecret };
  const client = new OidcClient({
    issuer,
    clientId,
    redirectUri: `${consoleUrl}/sign-in/callback`,
    ...clientSecret,
  });
  try {
    const { url } = await client.begin();
    return [{ what: WHAT, level: "ok", message: `${issuer} takes sign-ins at ${url.origin}${url.pathname}` }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      problem(
        `Nobody can sign in: ${issuer} does not say how (${message})`,
        "Set OIDC_ISSUER to the issuer exactly as it calls itself in its metadata, and see whether this machine may call out",
      ),
    ];
  }
}

async function checkStore({ consoleDatabaseUrl, databaseUrl }: ConsoleEnv): Promise<readonly Diagnosis[]> {
  if (consoleDatabaseUrl === undefined)
    return [
      {
        what: WHAT,
        level: "ok",
        message: "CONSOLE_DATABASE_URL is not set: sessions in CONSOLE_DATA_DIR, for one console",
      },
    ];
  const { inspectPostgres } = await import("@countersign/trail/postgres");
  try {
    const variable = SETTING_VARIABLES.consoleDatabaseUrl;
    const report = await inspectPostgres(consoleDatabaseUrl, { variable });
    const found = databaseFindings(report, { what: WHAT, variable });
    const { username } = new URL(consoleDatabaseUrl);
    if (databaseUrl === undefined || new URL(databaseUrl).username !== username) return found;
    return [
      ...found,
      warning(
        "CONSOLE_DATABASE_URL and DATABASE_URL are of the same role: whoever takes the gateway over could sign decisions",
        "Give the console a role of its own, whose schema the gateway's cannot read",
      ),
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [problem(message, "Start PostgreSQL, or correct CONSOLE_DATABASE_URL")];
  }
}

function problem(message: string, todo: string): Diagnosis {
  return { what: WHAT, level: "problem", message, todo };
}

function warning(message: string, todo: string): Diagnosis {
  return { what: WHAT, level: "warning", message, todo };
}
