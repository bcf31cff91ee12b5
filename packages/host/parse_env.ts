import { z } from "zod";
import { parseDestinations } from "./_parse_destinations.ts";
import { parseInterval } from "./_parse_interval.ts";
import { parseWitnesses } from "./_parse_witnesses.ts";
import { EnvError } from "./env_error.ts";
import { SETTING_VARIABLES } from "./setting_variables.ts";
import type { Settings } from "./settings.ts";

/** Their values are never shown. */
const SECRET = /_KEY$|_SECRET$|^DATABASE_URL$|^AUDIT_CHECKPOINT_TO$/;

/** A name or an IP address; one of version 6 in brackets, as a Host header has it. */
const HOST_NAME = /^(?:[a-z\d](?:[\w.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\])$/i;

const port = wanted(
  "a whole number from 0 to 65535",
  (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535,
);
const path = wanted('a path, in which "~" is not expanded', (text) => !/^~|\0/.test(text));
const key = wanted("a key, without spaces or line breaks", (text) => /^[!-~]{8,512}$/.test(text));
const word = wanted("one word", (text) => /^[!-~]{1,255}$/.test(text));

/** Each setting from its variable's text. An issue's message completes "PORT must be …". */
const schema = z.object({
  host: wanted("a host name or an IP address", (text) => /^[\w.:-]{1,253}$/.test(text)).default("127.0.0.1"),
  port: port.transform(Number).default(8787),
  sandboxPort: port.transform(Number).default(8788),
  dataDir: path.default("./data"),
  teamsDir: path.default("./teams"),
  multimailApiUrl: url(
    'an address such as "https://api.multimail.dev", without "/v1", and https unless it is on this machine',
    isMultimailUrl,
  ).default("https://api.multimail.dev"),
  multimailApiKey: key.exactOptional(),
  multimailOversightKey: key.exactOptional(),
  multimailAdminKey: key.exactOptional(),
  multimailWebhookSecret: wanted('a secret that starts with "whsec_"', (text) =>
    /^whsec_[!-~]{1,512}$/.test(text),
  ).exactOptional(),
  databaseUrl: wanted('an address such as "postgres://user@host/database"', isPostgresUrl).exactOptional(),
  auditSigningKey: wanted('an Ed25519 private key as PEM, or "file:/path" to one', (text) =>
    /^file:\/.|^-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----\s*$/.test(text),
  ).exactOptional(),
  auditOrigin: wanted('a name without spaces or "+", such as "countersign/mail-1"', (text) =>
    /^[^\s+\p{C}]{1,200}$/u.test(text),
  ).exactOptional(),
  auditCheckpointInterval: parsed('a time from 1s to 24h, such as "60s" or "5m"', parseInterval).default(
    60_000,
  ),
  auditCheckpointTo: parsed(
    'a list of "file:/folder/" and "https://…" (http on this machine), with commas in between',
    parseDestinations,
  ).default([]),
  auditWitnesses: parsed(
    'a list of "https://witness#verifier-key", with commas in between',
    parseWitnesses,
  ).default([]),
  auditBodyReaders: wanted('names, separated by commas, such as "ann,bob@acme.example"', (text) =>
    namesOf(text).every((name) => /^[^\s\p{C}]{1,254}$/u.test(name)),
  )
    .transform(namesOf)
    .default([]),
  auditBodyRetention: wanted(
    'a number of days from 1d to 36500d, such as "365d"',
    (text) => /^[1-9]\d{0,4}d$/.test(text) && Number.parseInt(text, 10) <= 36_500,
  )
    .transform((text) => Number.parseInt(text, 10) * 24 * 60 * 60_000)
    .exactOptional(),
  publicUrl: url('an address such as "https://mail.acme.example"', isWebUrl).exactOptional(),
  requestsPerMinute: wanted("a whole number from 1 to 1000000", (text) =>
    /^[1-9]\d{0,5}$|^1000000$/.test(text),
  )
    .transform(Number)
    .default(3_000),
  allowedHosts: wanted(
    'host names without ports, separated by commas, such as "mail.internal,10.0.0.7"',
    (text) => namesOf(text).every((name) => HOST_NAME.test(name)),
  )
    .transform((text) => namesOf(text).map((name) => name.toLowerCase()))
    .default([]),
  consoleAuth: z.enum(["link", "oidc"], { error: '"link" or "oidc"' }).exactOptional(),
  oidcIssuer: url('an https address such as "https://login.acme.example"', isSafeUrl).exactOptional(),
  oidcClientId: word.exactOptional(),
  oidcClientSecret: key.exactOptional(),
  logLevel: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: '"fatal", "error", "warn", "info", "debug", "trace" or "silent"',
    })
    .default("info"),
});

/** Settings whose default or meaning depends on others. */
const NEEDS: Readonly<Partial<Record<keyof Settings, readonly (keyof Settings)[]>>> = {
  publicUrl: ["host", "port"],
  consoleAuth: ["host", "oidcIssuer", "oidcClientId", "oidcClientSecret"],
};

/**
 * Parses the environment into settings: all, or only those named, so that a command does not stop at a variable that it
 * never uses. An empty variable counts as unset.
 *
 * @throws {EnvError} that names every variable whose value is wrong, and what is wanted; without secrets
 */
export function parseEnv<N extends keyof Settings = keyof Settings>(
  env: Readonly<Record<string, string | undefined>>,
  names?: readonly N[],
): Pick<Settings, N> {
  const wantedNames: readonly (keyof Settings)[] = names ?? settingNames();
  const read = new Set(wantedNames.flatMap((name) => [name, ...(NEEDS[name] ?? [])]));
  const input = Object.fromEntries(
    [...read].map((name) => [name, env[SETTING_VARIABLES[name]]]).filter(([, text]) => text),
  );
  const result = schema.safeParse(input);
  const problems = [
    ...(result.error?.issues.map((issue) => problemOf(issue, env)) ?? []),
    ...Object.keys(input).flatMap((name) =>
      isEdgy(name, env) && !result.error?.issues.some(({ path }) => path[0] === name)
        ? [problemOf({ path: [name], message: UNEDGED }, env)]
        : [],
    ),
  ];
  if (!result.success || problems.length > 0) throw new EnvError(problems);

  const { host, port } = result.data;
  const settings: Settings = {
    ...result.data,
    publicUrl: result.data.publicUrl ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    consoleAuth: result.data.consoleAuth ?? (isLoopback(host) ? "link" : "oidc"),
  };
  if (result.data.consoleAuth === "oidc") requireOidc(settings);
  // What was not asked for was not read either; only its default is there.
  return settings;
}

/** Completes "DATA_DIR must be …". */
const UNEDGED =
  "without quotes, blanks or line ends at its edges: files for Docker and systemd are not read by a shell, which would take them off";

/** A folder of that name would be made beside the one that is meant. A key in PEM ends with a line end. */
function isEdgy(name: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const text = env[SETTING_VARIABLES[name as keyof Settings]] ?? "";
  return hasStrayEdges(name === "auditSigningKey" ? text.trim() : text);
}

/** Whether a variable's text begins or ends with quotes, blanks, line ends or what cannot be seen. */
export function hasStrayEdges(text: string): boolean {
  return /^[\s\p{C}"'`\u2018-\u201f]|[\s\p{C}"'`\u2018-\u201f]$/u.test(text);
}

function settingNames(): readonly (keyof Settings)[] {
  return Object.keys(SETTING_VARIABLES).filter((name): name is keyof Settings => name in SETTING_VARIABLES);
}

function problemOf(
  { path, message }: Pick<z.core.$ZodIssue, "path" | "message">,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const variable =
    settingNames()
      .filter((name) => name === path[0])
      .map((name) => SETTING_VARIABLES[name])[0] ?? "";
  const text = env[variable] ?? "";
  // "https://user:password@host" is no secret variable, but holds one.
  const given =
    SECRET.test(variable) || text.includes("@") ? "" : `, got ${JSON.stringify(text.slice(0, 100))}`;
  return `${variable} must be ${message}${given}`;
}

function requireOidc(settings: Settings): void {
  const missing = (["oidcIssuer", "oidcClientId", "oidcClientSecret"] as const).filter(
    (name) => settings[name] === undefined,
  );
  if (missing.length > 0)
    throw new EnvError(
      missing.map((name) => `${SETTING_VARIABLES[name]} must be set, since CONSOLE_AUTH is "oidc"`),
    );
}

/** Text that a check accepts; `want` completes "PORT must be …". */
function wanted(want: string, accepts: (text: string) => boolean): z.ZodString {
  return z.string().refine(accepts, { error: want });
}

/** What `parse` makes of a text; `want` completes "PORT must be …". */
function parsed<T>(want: string, parse: (text: string) => T | undefined): z.ZodType<T, string> {
  return wanted(want, (text) => parse(text) !== undefined).transform((text) => parse(text) as T);
}

/** An address, without the slash at its end. */
function url(want: string, accepts: (url: URL) => boolean): z.ZodType<string> {
  return wanted(want, (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && isWebUrl(url) && accepts(url);
  }).transform((text) => text.replace(/\/+$/, ""));
}

function namesOf(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim());
}

function isWebUrl({ protocol, username, password, search, hash }: URL): boolean {
  return /^https?:$/.test(protocol) && username + password + search + hash === "";
}

/** Keys must not cross a network in clear. */
function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || isLoopback(hostname);
}

function isMultimailUrl(url: URL): boolean {
  return isSafeUrl(url) && !/\/v1\/*$/.test(url.pathname);
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/[!-~]+$/.test(text) && URL.canParse(text);
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
