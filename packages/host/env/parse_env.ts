import { join } from "node:path";
import { z } from "zod";
import { parseDestinations, parseWitnesses } from "./_checkpoint_places.ts";
import { isLoopback } from "./is_loopback.ts";
import { SETTING_VARIABLES, type Settings } from "./settings.ts";

/** Environment variables have values that cannot be used. The message names each, and what is wanted. */
export class EnvError extends Error {
  override readonly name = "EnvError";
  readonly code = "invalid_environment";
  /** One sentence a variable; free of secrets. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Cannot use the environment:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** Their values are never shown. */
const SECRET = /_KEY$|_SECRET$|DATABASE_URL$|^AUDIT_CHECKPOINT_TO$/;

/** A name or an IP address; one of version 6 in brackets, as a Host header has it. */
const HOST_NAME = /^(?:[a-z\d](?:[\w.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\])$/i;

/** With two labels at least, as an address has it. */
const DOMAIN = /^(?=.{3,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** What a person needs to know of a setting, besides what the schema knows. */
interface About {
  /** Completes the reference page's row; Markdown. */
  readonly meaning: string;
  /** What holds when it is unset, where that is no fixed text. */
  readonly unset?: string;
  /** The page that says more, from the repository's root. */
  readonly more?: string;
}

/** What the variables mean; the reference page is made of it. */
const ABOUT = z.registry<About>();

const port = wanted(
  "a whole number from 0 to 65535",
  (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535,
).transform(Number);
const path = wanted('a path, in which "~" is not expanded', (text) => !/^~|\0/.test(text));
const claim = wanted("the name of a claim, without spaces", (text) => /^[!-~]{1,200}$/.test(text));
const key = wanted("a key, without spaces or line breaks", (text) => /^[!-~]{8,512}$/.test(text));

/** Each setting from its variable's text. An issue's message completes "PORT must be …"; defaults are texts, too. */
const schema = z.object({
  host: wanted("a host name or an IP address", (text) => /^[\w.:-]{1,253}$/.test(text))
    .prefault("127.0.0.1")
    .register(ABOUT, { meaning: "where the gateway listens" }),
  port: port.prefault("8787").register(ABOUT, { meaning: "its port; `0` is any free one" }),
  sandboxPort: port
    .prefault("8788")
    .register(ABOUT, { meaning: "where the demo's MultiMail listens; `0` is any free one" }),
  dataDir: path.prefault("./data").register(ABOUT, {
    meaning: "the trail (SQLite), signing key and checkpoints; made with mode 0700",
  }),
  teamsDir: path.prefault("./teams").register(ABOUT, { meaning: "the policies" }),
  databaseUrl: wanted('an address such as "postgres://user@host/database"', isPostgresUrl)
    .exactOptional()
    .register(ABOUT, {
      meaning: "`postgres://…`, for several gateways on one trail",
      unset: "SQLite in `DATA_DIR`",
      more: "apps/gateway/docs/several_gateways.md",
    }),
  multimailApiUrl: url(
    'an address such as "https://api.multimail.dev", without "/v1", and https unless it is on this machine',
    isMultimailUrl,
  )
    .prefault("https://api.multimail.dev")
    .register(ABOUT, { meaning: "where MultiMail is" }),
  multimailApiKey: key.exactOptional().register(ABOUT, {
    meaning:
      "MultiMail's key with the scopes `read` and `send`; a team may name `MULTIMAIL_API_KEY_…` in `mailbox.api_key_env`, no other",
  }),
  multimailOversightKey: key.exactOptional().register(ABOUT, {
    meaning:
      "the key with the scopes `oversight` and `read`: the console decides with it, `countersign plan` looks at it. The gateway never reads it",
    more: "apps/console/README.md",
  }),
  multimailAdminKey: key.exactOptional().register(ABOUT, {
    meaning:
      "the key with the scope `admin`, only for `countersign plan`, `apply` and `doctor`. The gateway never reads it",
  }),
  multimailWebhookSecret: wanted('a secret that starts with "whsec_"', (text) =>
    /^whsec_[!-~]{1,512}$/.test(text),
  )
    .exactOptional()
    .register(ABOUT, { meaning: "`whsec_…`; without it, what becomes of email is learned by asking alone" }),
  publicUrl: url('an address such as "https://mail.acme.example"', isWebUrl).exactOptional().register(ABOUT, {
    meaning: "how clients reach the gateway, behind a proxy",
    unset: "from `HOST` and `PORT`",
  }),
  requestsPerMinute: wanted("a whole number from 1 to 1000000", (text) =>
    /^[1-9]\d{0,5}$|^1000000$/.test(text),
  )
    .transform(Number)
    .prefault("3000")
    .register(ABOUT, {
      meaning:
        "of one assistant, and of each person who signs in to it: more are answered 429. Email that leaves does not count: the policy's `limits` bound it",
    }),
  allowedHosts: wanted(
    'host names without ports, separated by commas, such as "mail.internal,10.0.0.7"',
    (text) => namesOf(text).every((name) => HOST_NAME.test(name)),
  )
    .transform((text) => namesOf(text).map((name) => name.toLowerCase()))
    .default([])
    .register(ABOUT, {
      meaning:
        "further host names that `/mcp` answers to, with commas in between: for a proxy that rewrites `Host`",
    }),
  auditSigningKey: wanted('an Ed25519 private key as PEM, or "file:/path" to one', (text) =>
    /^file:\/.|^-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----\s*$/.test(text),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning: "Ed25519 private key that signs checkpoints: PEM, or `file:/path`",
      unset: "made in `DATA_DIR` (0600)",
      more: "packages/trail/docs/checkpoints.md",
    }),
  auditOrigin: wanted('a name without spaces or "+", such as "countersign/mail-1"', (text) =>
    /^[^\s+\p{C}]{1,200}$/u.test(text),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning: "the name in checkpoints; the same for all gateways on one trail",
      unset: "as the trail has it, else `countersign/<hostname>`",
    }),
  auditCheckpointInterval: parsed('a time from 1s to 24h, such as "60s" or "5m"', parseInterval)
    .prefault("60s")
    .register(ABOUT, { meaning: "how often the trail is signed when it has grown: `1s` to `24h`" }),
  auditCheckpointTo: parsed(
    'a list of "file:/folder/" and "https://…" (http on this machine), with commas in between',
    parseDestinations,
  )
    .default([])
    .register(ABOUT, {
      meaning: "where checkpoints are put too: `file:/folder/`, `https://…`, with commas in between",
    }),
  auditWitnesses: parsed('a list of "https://witness#verifier-key", with commas in between', parseWitnesses)
    .default([])
    .register(ABOUT, {
      meaning:
        "who is asked to cosign them: `https://witness.example/#<verifier key>`, with commas in between",
    }),
  auditBodyReaders: wanted('names, separated by commas, such as "ann,bob@acme.example"', (text) =>
    namesOf(text).every((name) => /^[^\s\p{C}]{1,254}$/u.test(name)),
  )
    .transform(namesOf)
    .default([])
    .register(ABOUT, {
      meaning: "users who may see bodies with `countersign audit`, with commas in between",
      unset: "nobody",
      more: "packages/trail/docs/access_and_erasure.md",
    }),
  auditBodyRetention: wanted(
    'a number of days from 1d to 36500d, such as "365d"',
    (text) => /^[1-9]\d{0,4}d$/.test(text) && Number.parseInt(text, 10) <= 36_500,
  )
    .transform((text) => Number.parseInt(text, 10) * 24 * 60 * 60_000)
    .exactOptional()
    .register(ABOUT, {
      meaning: "bodies and attachments are erased when they are older: `365d`",
      unset: "kept for ever",
      more: "packages/trail/docs/access_and_erasure.md",
    }),
  oauthIssuer: wanted(
    'the issuer exactly as its tokens name it, such as "https://login.acme.example", https unless it is on this machine, and of one tenant',
    (text) => isAddress(text, isSafeUrl) && !isForAnyTenant(new URL(text)),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning:
        "who issues the access tokens of the people behind assistants: with it, `/mcp/{team}/{assistant}` takes them",
      unset: "no sign-in",
      more: "apps/gateway/docs/dust.md",
    }),
  oauthAudience: wanted("what tokens name as their audience, without spaces", (text) =>
    /^[!-~]{1,500}$/.test(text),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning: "what a token's `aud` may be, besides the address itself",
      unset: "the address only",
      more: "apps/gateway/docs/dust.md",
    }),
  oauthScope: wanted('one scope, such as "email"', (text) => /^[!#-[\]-~]{1,200}$/.test(text))
    .prefault("email")
    .register(ABOUT, { meaning: "the scope that a token must have" }),
  oauthClients: wanted("client ids, separated by commas", (text) =>
    namesOf(text).every((name) => /^[!-~]{1,500}$/.test(name)),
  )
    .transform(namesOf)
    .default([])
    .register(ABOUT, {
      meaning: "whose tokens are taken: client ids, with commas in between",
      unset: "any client's",
    }),
  oauthEmailClaim: claim.prefault("email").register(ABOUT, {
    meaning: "the claim that holds a person's address",
    more: "apps/gateway/docs/dust.md",
  }),
  oauthGroupsClaim: claim
    .exactOptional()
    .register(ABOUT, { meaning: "the claim that lists a person's groups, for `users.claims`" }),
  oauthTrustedDomains: wanted(
    'domains in ASCII, separated by commas, such as "acme.example,acme.fr"',
    (text) => namesOf(text).every((name) => DOMAIN.test(name)),
  )
    .transform((text) => namesOf(text).map((name) => name.toLowerCase()))
    .default([])
    .register(ABOUT, {
      meaning:
        "domains for whose addresses the issuer's word is enough, with commas in between. Other addresses must come with `email_verified`",
      more: "apps/gateway/docs/dust.md",
    }),
  oauthIntrospectionUrl: wanted(
    'an address such as "https://login.acme.example/introspect", https unless it is on this machine',
    (text) => isAddress(text, isSafeUrl),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning: "where the issuer is asked about tokens that are no JWT (RFC 7662), with the next two",
      unset: "such tokens are refused",
    }),
  oauthIntrospectionClientId: wanted("a client id, without spaces", (text) => /^[!-~]{1,500}$/.test(text))
    .exactOptional()
    .register(ABOUT, { meaning: "as which client the gateway asks" }),
  oauthIntrospectionClientSecret: key.exactOptional().register(ABOUT, { meaning: "that client's secret" }),
  consolePort: port
    .prefault("8789")
    .register(ABOUT, { meaning: "where the console listens, on `HOST`; `0` is any free one" }),
  consoleUrl: url('an address such as "https://console.acme.example", without a path', isOrigin)
    .exactOptional()
    .register(ABOUT, {
      meaning: "how people reach the console, behind a proxy",
      unset: "from `HOST` and `CONSOLE_PORT`",
      more: "apps/console/README.md",
    }),
  consoleAuth: z.enum(["link", "oidc"], { error: '"link" or "oidc"' }).exactOptional().register(ABOUT, {
    meaning:
      "how people sign in to the console: `oidc`, or `link`, one-time links that `countersign console link` prints, only on this machine",
    unset: "`link` on this machine, else `oidc`",
    more: "apps/console/README.md",
  }),
  consoleDataDir: path.exactOptional().register(ABOUT, {
    meaning: "the console's sessions, sign-in links and signing key; made with mode 0700",
    unset: "`console` in `DATA_DIR`",
  }),
  consoleDatabaseUrl: wanted('an address such as "postgres://user@host/database"', isPostgresUrl)
    .exactOptional()
    .register(ABOUT, {
      meaning:
        "`postgres://…` of a role that the gateway is not: sessions, sign-in links and signing key are there, for several consoles on one trail",
      unset: "in `CONSOLE_DATA_DIR`",
      more: "apps/console/docs/operators.md",
    }),
  consoleVerifierKeys: wanted(
    'verifier keys such as "countersign/console+8d66cf3f+AS…", with commas in between',
    (text) => namesOf(text).every((name) => /^[^+\s]+\+[\da-f]{8}\+[A-Za-z\d+/]+={0,2}$/.test(name)),
  )
    .transform(namesOf)
    .default([])
    .register(ABOUT, {
      meaning:
        "by which keys the gateway knows the console's signed decisions: verifier keys, with commas in between, as in that file",
      unset: "`console_verifier_key.txt` in `CONSOLE_DATA_DIR`, where the gateway may read it",
      more: "apps/gateway/docs/email_lifecycle.md",
    }),
  oidcIssuer: wanted(
    'an issuer such as "https://login.acme.example", as it calls itself, of one tenant, and https unless it is on this machine',
    (text) => isAddress(text, isSafeUrl) && !isForAnyTenant(new URL(text)),
  )
    .exactOptional()
    .register(ABOUT, {
      meaning: "who signs people in to the console: an OpenID Connect issuer",
      more: "apps/console/README.md",
    }),
  oidcClientId: wanted("an identifier without spaces", (text) => /^[!-~]{1,500}$/.test(text))
    .exactOptional()
    .register(ABOUT, { meaning: "as which client the console signs people in" }),
  oidcClientSecret: wanted("a secret, without spaces or line breaks", (text) => /^[!-~]{8,1000}$/.test(text))
    .exactOptional()
    .register(ABOUT, { meaning: "its secret" }),
  oidcGroupsClaim: claim
    .prefault("groups")
    .register(ABOUT, { meaning: "the claim of the sign-in that lists a person's groups" }),
  oidcEmailClaim: claim.prefault("email").register(ABOUT, {
    meaning:
      "the claim that has a person's address: trusted if it is `email` with `email_verified`, or at one of `OIDC_TRUSTED_DOMAINS`",
  }),
  oidcTrustedDomains: wanted('domains in ASCII, separated by commas, such as "acme.example"', (text) =>
    namesOf(text).every((name) => DOMAIN.test(name)),
  )
    .transform((text) => namesOf(text).map((name) => name.toLowerCase()))
    .default([])
    .register(ABOUT, {
      meaning:
        "domains for whose addresses the issuer's word suffices (Entra ID sends no `email_verified`), with commas in between",
    }),
  logLevel: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: '"fatal", "error", "warn", "info", "debug", "trace" or "silent"',
    })
    .prefault("info")
    .register(ABOUT, { meaning: "JSON lines on stderr; never a key, a body or a full address" }),
});

/** One setting, for the reference page. */
export interface SettingDescription extends About {
  readonly variable: string;
  /** Its text when the variable is unset, if that is fixed. */
  readonly fallback?: string;
}

/** Settings as people set them: those named, or all in the order of the reference page. */
export function describeSettings(
  names: readonly (keyof Settings)[] = settingNames(),
): readonly SettingDescription[] {
  return names.map((name) => {
    const field: z.core.$ZodType = schema.shape[name];
    const about = ABOUT.get(field);
    if (about === undefined) throw new Error(`Setting ${name} has no description`);
    const { def } = field._zod as unknown as { def: { type: string; defaultValue?: unknown } };
    return {
      variable: SETTING_VARIABLES[name],
      ...about,
      ...(def.type === "prefault" && { fallback: String(def.defaultValue) }),
    };
  });
}

/** Settings whose default or meaning depends on others. */
const NEEDS: Readonly<Partial<Record<keyof Settings, readonly (keyof Settings)[]>>> = {
  publicUrl: ["host", "port"],
  oauthIntrospectionUrl: ["oauthIntrospectionClientId", "oauthIntrospectionClientSecret"],
  consoleUrl: ["host", "consolePort"],
  consoleAuth: ["host", "consolePort", "consoleUrl"],
  consoleDataDir: ["dataDir"],
};

/** The environment that everything is read from: `process.env`, or a test's. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment into settings: all, or only those named, so that a command does not stop at a variable that it
 * never uses. An empty variable counts as unset.
 *
 * @throws {EnvError} that names every variable whose value is wrong, and what is wanted; without secrets
 */
export function parseEnv<N extends keyof Settings = keyof Settings>(
  env: Environment,
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
  if (input.oauthIntrospectionUrl !== undefined) problems.push(...missingBesideIntrospection(input));
  if (!result.success || problems.length > 0) throw new EnvError(problems);

  const { host, port, consolePort, dataDir } = result.data;
  const urlAt = (at: number) => `http://${host.includes(":") ? `[${host}]` : host}:${at}`;
  const consoleUrl = result.data.consoleUrl ?? urlAt(consolePort);
  const isLocal = isLoopback(host) && isLoopback(new URL(consoleUrl).hostname);
  if (result.data.consoleAuth === "link" && !isLocal) throw new EnvError([LINK_ELSEWHERE]);
  const settings: Settings = {
    ...result.data,
    publicUrl: result.data.publicUrl ?? urlAt(port),
    consoleUrl,
    consoleAuth: result.data.consoleAuth ?? (isLocal ? "link" : "oidc"),
    consoleDataDir: result.data.consoleDataDir ?? join(dataDir, "console"),
  };
  // What was not asked for was not read either; only its default is there.
  return settings;
}

/** The issuer tells nobody about tokens whom it does not know. */
function missingBesideIntrospection(input: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (NEEDS.oauthIntrospectionUrl ?? [])
    .filter((name) => input[name] === undefined)
    .map(
      (name) => `${SETTING_VARIABLES[name]} must be set beside ${SETTING_VARIABLES.oauthIntrospectionUrl}`,
    );
}
const LINK_ELSEWHERE =
  'CONSOLE_AUTH must be "oidc" where others than this machine reach the console (HOST, CONSOLE_URL), got "link": whoever has a link is signed in';

/** Completes "DATA_DIR must be …". */
const UNEDGED =
  "without quotes, blanks or line ends at its edges: files for Docker and systemd are not read by a shell, which would take them off";

/** A folder of that name would be made beside the one that is meant. A key in PEM ends with a line end. */
function isEdgy(name: string, env: Environment): boolean {
  const text = env[SETTING_VARIABLES[name as keyof Settings]] ?? "";
  return hasStrayEdges(name === "auditSigningKey" ? text.trim() : text);
}

/** Whether a variable's text begins or ends with quotes, blanks, line ends or what cannot be seen. */
export function hasStrayEdges(text: string): boolean {
  return /^[\s\p{C}"'`\u2018-\u201f]|[\s\p{C}"'`\u2018-\u201f]$/u.test(text);
}

function settingNames(): readonly (keyof Settings)[] {
  return Object.keys(schema.shape) as (keyof Settings)[];
}

function problemOf({ path, message }: Pick<z.core.$ZodIssue, "path" | "message">, env: Environment): string {
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

/** Pages, cookies and the address to which a sign-in comes back all begin at its root. */
function isOrigin({ pathname }: URL): boolean {
  return /^\/*$/.test(pathname);
}

/** Keys must not cross a network in clear. */
function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || isLoopback(hostname);
}

function isAddress(text: string, accepts: (url: URL) => boolean): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^[!-~]{1,500}$/.test(text) && isWebUrl(url) && accepts(url);
}

/** Where Microsoft's tenants are, and what stands for all of them there: with it, anybody's tenant could vouch for anybody. */
function isForAnyTenant({ hostname, pathname }: URL): boolean {
  const isMicrosofts = /(?:^|\.)(?:microsoftonline\.\w+|windows\.net|chinacloudapi\.cn|ciamlogin\.com)$/.test(
    hostname,
  );
  return isMicrosofts && /^\/(?:common|organizations|consumers|[^/]*%7b[^/]*)?(?:\/|$)/i.test(pathname);
}

function isMultimailUrl(url: URL): boolean {
  return isSafeUrl(url) && !/\/v1\/*$/.test(url.pathname);
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/[!-~]+$/.test(text) && URL.canParse(text);
}

/** Milliseconds of `60s`, `5m` or `1h`, from a second to a day; undefined: it is none. */
function parseInterval(text: string): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  return ms >= 1_000 && ms <= 86_400_000 ? ms : undefined;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
