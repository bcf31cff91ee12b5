/** The environment, parsed. Optional ones are absent when the variable is unset or empty. */
export interface Settings {
  /** `HOST`: where the gateway listens. */
  readonly host: string;
  /** `PORT`; 0 is any free one. */
  readonly port: number;
  /** `SANDBOX_PORT`: where the demo's MultiMail listens; 0 is any free one. */
  readonly sandboxPort: number;
  /** `DATA_DIR`: the SQLite file, the signing key, demo files. */
  readonly dataDir: string;
  /** `TEAMS_DIR`: policies. */
  readonly teamsDir: string;
  /** `MULTIMAIL_API_URL`, without a slash at its end. */
  readonly multimailApiUrl: string;
  /** `MULTIMAIL_API_KEY`: reads and sends. */
  readonly multimailApiKey?: string;
  /** `MULTIMAIL_OVERSIGHT_KEY`: the console decides with it, and `plan` looks at it; the gateway does not ask for it. */
  readonly multimailOversightKey?: string;
  /** `MULTIMAIL_ADMIN_KEY`: only for `plan`, `apply` and `webhooks`; the serving gateway does not ask for it. */
  readonly multimailAdminKey?: string;
  /** `MULTIMAIL_WEBHOOK_SECRET`: `whsec_…`. */
  readonly multimailWebhookSecret?: string;
  /** `DATABASE_URL`: `postgres://…`; absent: SQLite in `dataDir`. */
  readonly databaseUrl?: string;
  /** `AUDIT_SIGNING_KEY`: an Ed25519 private key as PEM, or `file:/path` to one; absent: generated in `dataDir`. */
  readonly auditSigningKey?: string;
  /** `AUDIT_ORIGIN`: the name in checkpoints; absent: the one that the trail's checkpoints have, or `countersign/<hostname>`. */
  readonly auditOrigin?: string;
  /** `AUDIT_CHECKPOINT_INTERVAL`: how often the trail is signed when it has grown, in milliseconds. */
  readonly auditCheckpointInterval: number;
  /** `AUDIT_CHECKPOINT_TO`: where checkpoints are put besides the trail and `dataDir`. */
  readonly auditCheckpointTo: readonly CheckpointDestination[];
  /** `AUDIT_WITNESSES`: who is asked to cosign checkpoints. */
  readonly auditWitnesses: readonly CheckpointWitness[];
  /** `AUDIT_BODY_READERS`: users who may see bodies with the command. */
  readonly auditBodyReaders: readonly string[];
  /** `AUDIT_BODY_RETENTION`: bodies are erased when they are older, in milliseconds; absent: never. */
  readonly auditBodyRetention?: number;
  /** `PUBLIC_URL`: how others reach the gateway, without a slash at its end; absent: from host and port. */
  readonly publicUrl: string;
  /** `REQUESTS_PER_MINUTE`: of one assistant, besides the email that leaves. */
  readonly requestsPerMinute: number;
  /** `ALLOWED_HOSTS`: further host names, in lower case and without ports, that the gateway answers to. */
  readonly allowedHosts: readonly string[];
  /** `OAUTH_ISSUER`: who issues the tokens of the people behind assistants, exactly as it calls itself; absent: there is no sign-in. */
  readonly oauthIssuer?: string;
  /** `OAUTH_AUDIENCE`: what its tokens may be for, besides an assistant's own address. */
  readonly oauthAudience?: string;
  /** `OAUTH_SCOPE`: what a token must allow. */
  readonly oauthScope: string;
  /** `OAUTH_CLIENTS`: client ids whose tokens are taken; none: those of every client. */
  readonly oauthClients: readonly string[];
  /** `OAUTH_EMAIL_CLAIM`: the claim that holds a person's address. */
  readonly oauthEmailClaim: string;
  /** `OAUTH_GROUPS_CLAIM`: the claim that lists a person's groups; absent: nobody has any. */
  readonly oauthGroupsClaim?: string;
  /** `OAUTH_TRUSTED_DOMAINS`: for addresses in these, in ASCII and lower case, the issuer's word is enough. */
  readonly oauthTrustedDomains: readonly string[];
  /** `OAUTH_INTROSPECTION_URL`: where the issuer is asked about opaque tokens (RFC 7662); absent: those are refused. */
  readonly oauthIntrospectionUrl?: string;
  /** `OAUTH_INTROSPECTION_CLIENT_ID`: as whom. */
  readonly oauthIntrospectionClientId?: string;
  /** `OAUTH_INTROSPECTION_CLIENT_SECRET`. */
  readonly oauthIntrospectionClientSecret?: string;
  /** `CONSOLE_PORT`: where the console listens, on `host`; 0 is any free one. */
  readonly consolePort: number;
  /** `CONSOLE_URL`: how people reach the console, without a slash at its end; absent: from host and port. */
  readonly consoleUrl: string;
  /** `CONSOLE_AUTH`: `link` only where nobody but this machine reaches the console. */
  readonly consoleAuth: "link" | "oidc";
  /** `CONSOLE_DATA_DIR`: the console's own sessions, links and signing key; absent: `console` in `dataDir`. */
  readonly consoleDataDir: string;
  /** `CONSOLE_DATABASE_URL`: `postgres://…`, where several consoles share all that; absent: in `consoleDataDir`. */
  readonly consoleDatabaseUrl?: string;
  /** `CONSOLE_VERIFIER_KEY`: C2SP verifier keys of consoles whose signed decisions count, not yet looked at; none: see its file. */
  readonly consoleVerifierKeys: readonly string[];
  /** `OIDC_ISSUER`, without a slash at its end if it was given with none: it must be what the issuer calls itself. */
  readonly oidcIssuer?: string;
  /** `OIDC_CLIENT_ID` and `OIDC_CLIENT_SECRET`: as whom the console signs people in. */
  readonly oidcClientId?: string;
  readonly oidcClientSecret?: string;
  /** `OIDC_GROUPS_CLAIM`: the claim that lists a person's groups. */
  readonly oidcGroupsClaim: string;
  /** `OIDC_EMAIL_CLAIM`: the claim that has a person's address. */
  readonly oidcEmailClaim: string;
  /** `OIDC_TRUSTED_DOMAINS`: domains for whose addresses the issuer's word suffices; lower-case. */
  readonly oidcTrustedDomains: readonly string[];
  /** `LOG_LEVEL`, of pino. */
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
}

/** A place for checkpoints: a folder that is there already, or an address that takes them by POST. */
export type CheckpointDestination =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

/** A witness: where it is asked, without a slash at its end, and its C2SP verifier key, not yet looked at. */
export interface CheckpointWitness {
  readonly url: string;
  readonly key: string;
}

/** The environment variable of each setting. */
export const SETTING_VARIABLES: Readonly<Record<keyof Settings, string>> = {
  host: "HOST",
  port: "PORT",
  sandboxPort: "SANDBOX_PORT",
  dataDir: "DATA_DIR",
  teamsDir: "TEAMS_DIR",
  multimailApiUrl: "MULTIMAIL_API_URL",
  multimailApiKey: "MULTIMAIL_API_KEY",
  multimailOversightKey: "MULTIMAIL_OVERSIGHT_KEY",
  multimailAdminKey: "MULTIMAIL_ADMIN_KEY",
  multimailWebhookSecret: "MULTIMAIL_WEBHOOK_SECRET",
  databaseUrl: "DATABASE_URL",
  auditSigningKey: "AUDIT_SIGNING_KEY",
  auditOrigin: "AUDIT_ORIGIN",
  auditCheckpointInterval: "AUDIT_CHECKPOINT_INTERVAL",
  auditCheckpointTo: "AUDIT_CHECKPOINT_TO",
  auditWitnesses: "AUDIT_WITNESSES",
  auditBodyReaders: "AUDIT_BODY_READERS",
  auditBodyRetention: "AUDIT_BODY_RETENTION",
  publicUrl: "PUBLIC_URL",
  requestsPerMinute: "REQUESTS_PER_MINUTE",
  allowedHosts: "ALLOWED_HOSTS",
  oauthIssuer: "OAUTH_ISSUER",
  oauthAudience: "OAUTH_AUDIENCE",
  oauthScope: "OAUTH_SCOPE",
  oauthClients: "OAUTH_CLIENTS",
  oauthEmailClaim: "OAUTH_EMAIL_CLAIM",
  oauthGroupsClaim: "OAUTH_GROUPS_CLAIM",
  oauthTrustedDomains: "OAUTH_TRUSTED_DOMAINS",
  oauthIntrospectionUrl: "OAUTH_INTROSPECTION_URL",
  oauthIntrospectionClientId: "OAUTH_INTROSPECTION_CLIENT_ID",
  oauthIntrospectionClientSecret: "OAUTH_INTROSPECTION_CLIENT_SECRET",
  consolePort: "CONSOLE_PORT",
  consoleUrl: "CONSOLE_URL",
  consoleAuth: "CONSOLE_AUTH",
  consoleDataDir: "CONSOLE_DATA_DIR",
  consoleDatabaseUrl: "CONSOLE_DATABASE_URL",
  consoleVerifierKeys: "CONSOLE_VERIFIER_KEY",
  oidcIssuer: "OIDC_ISSUER",
  oidcClientId: "OIDC_CLIENT_ID",
  oidcClientSecret: "OIDC_CLIENT_SECRET",
  oidcGroupsClaim: "OIDC_GROUPS_CLAIM",
  oidcEmailClaim: "OIDC_EMAIL_CLAIM",
  oidcTrustedDomains: "OIDC_TRUSTED_DOMAINS",
  logLevel: "LOG_LEVEL",
};

/** What the gateway never reads, since strangers' text reaches it: keys that decide or administer, and what is the console's. */
const KEPT_FROM_GATEWAY = [
  "multimailOversightKey",
  "multimailAdminKey",
  "consolePort",
  "consoleUrl",
  "consoleAuth",
  "consoleDatabaseUrl",
  "oidcIssuer",
  "oidcClientId",
  "oidcClientSecret",
  "oidcGroupsClaim",
  "oidcEmailClaim",
  "oidcTrustedDomains",
] as const;

/** What the gateway is started with. */
export type GatewaySettings = Omit<Settings, (typeof KEPT_FROM_GATEWAY)[number]>;

/** The names of the gateway's settings, for `parseEnv`. */
export const GATEWAY_SETTINGS: readonly (keyof GatewaySettings)[] = (
  Object.keys(SETTING_VARIABLES) as (keyof Settings)[]
).filter((name): name is keyof GatewaySettings => !(KEPT_FROM_GATEWAY as readonly string[]).includes(name));

/** What the console is started with. */
export type ConsoleSetting = (typeof CONSOLE_SETTINGS)[number];

/** The names of the console's settings, for `parseEnv`: it sends nothing, and so reads no key that could. */
export const CONSOLE_SETTINGS = [
  "host",
  "dataDir",
  "teamsDir",
  "databaseUrl",
  "multimailApiUrl",
  "multimailOversightKey",
  "publicUrl",
  "allowedHosts",
  "auditWitnesses",
  "consolePort",
  "consoleUrl",
  "consoleAuth",
  "consoleDataDir",
  "consoleDatabaseUrl",
  "oidcIssuer",
  "oidcClientId",
  "oidcClientSecret",
  "oidcGroupsClaim",
  "oidcEmailClaim",
  "oidcTrustedDomains",
  "logLevel",
] as const;
