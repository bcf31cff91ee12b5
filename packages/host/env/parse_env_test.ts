import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { describeSettings, EnvError, parseEnv } from "./parse_env.ts";
import { CONSOLE_SETTINGS, GATEWAY_SETTINGS, SETTING_VARIABLES } from "./settings.ts";

const PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----\n";

test("parseEnv() has a default for everything that can have one", () => {
  const defaults = {
    host: "127.0.0.1",
    port: 8787,
    sandboxPort: 8788,
    dataDir: "./data",
    teamsDir: "./teams",
    multimailApiUrl: "https://api.multimail.dev",
    auditCheckpointInterval: 60_000,
    auditCheckpointTo: [],
    auditWitnesses: [],
    auditBodyReaders: [],
    publicUrl: "http://127.0.0.1:8787",
    requestsPerMinute: 3_000,
    allowedHosts: [],
    oauthScope: "email",
    oauthClients: [],
    oauthEmailClaim: "email",
    oauthTrustedDomains: [],
    consolePort: 8789,
    consoleUrl: "http://127.0.0.1:8789",
    consoleAuth: "link",
    consoleDataDir: join("data", "console"),
    consoleVerifierKeys: [],
    oidcGroupsClaim: "groups",
    oidcEmailClaim: "email",
    oidcTrustedDomains: [],
    logLevel: "info",
  };
  assert.deepEqual(parseEnv({}), defaults);
  assert.deepEqual(parseEnv({ PORT: "", MULTIMAIL_API_KEY: "", LOG_LEVEL: "", UNRELATED: "x" }), defaults);
});

test("parseEnv() takes every variable of the contract", () => {
  const settings = parseEnv({
    HOST: "::1",
    PORT: "0",
    SANDBOX_PORT: "65535",
    DATA_DIR: "/var/lib/countersign",
    TEAMS_DIR: "/etc/countersign/teams",
    MULTIMAIL_API_URL: "http://127.0.0.1:8788/",
    MULTIMAIL_API_KEY: "mm_test_0123456789",
    MULTIMAIL_OVERSIGHT_KEY: "mm_test_1123456789",
    MULTIMAIL_ADMIN_KEY: "mm_test_2123456789",
    MULTIMAIL_WEBHOOK_SECRET: "whsec_0123456789",
    DATABASE_URL: "postgres://me:pw@db.acme.example:5432/countersign?sslmode=require",
    AUDIT_SIGNING_KEY: PEM,
    AUDIT_ORIGIN: "acme.example/mail",
    AUDIT_CHECKPOINT_INTERVAL: "5m",
    AUDIT_CHECKPOINT_TO: "file:/mnt/worm/, https://log.acme.example/in?token=secret",
    AUDIT_WITNESSES: "https://w.example/#w.example/w1+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    AUDIT_BODY_RETENTION: "365d",
    AUDIT_BODY_READERS: "ann, bob@acme.example",
    PUBLIC_URL: "https://mail.acme.example/",
    REQUESTS_PER_MINUTE: "120",
    ALLOWED_HOSTS: "Gateway.internal, 10.0.0.7,[::1]",
    OAUTH_ISSUER: "https://login.acme.example/",
    OAUTH_AUDIENCE: "api://countersign",
    OAUTH_SCOPE: "mail.use",
    OAUTH_CLIENTS: "https://app.dust.tt/.well-known/oauth-client.json, 0oa1",
    OAUTH_EMAIL_CLAIM: "upn",
    OAUTH_GROUPS_CLAIM: "https://acme.example/groups",
    OAUTH_TRUSTED_DOMAINS: "Acme.example, xn--bcher-kva.example",
    OAUTH_INTROSPECTION_URL: "https://login.acme.example/introspect",
    OAUTH_INTROSPECTION_CLIENT_ID: "gateway",
    OAUTH_INTROSPECTION_CLIENT_SECRET: "0123456789",
    CONSOLE_PORT: "0",
    CONSOLE_URL: "https://console.acme.example/",
    CONSOLE_AUTH: "oidc",
    CONSOLE_DATA_DIR: "/var/lib/console",
    CONSOLE_DATABASE_URL: "postgres://console@db/console",
    CONSOLE_VERIFIER_KEY: "console+8d66cf3f+AQID, other+0a1b2c3d+AQIDBA==",
    OIDC_ISSUER: "https://login.acme.example/",
    OIDC_CLIENT_ID: "countersign",
    OIDC_CLIENT_SECRET: "a-secret-of-the-client",
    OIDC_GROUPS_CLAIM: "https://acme.example/groups",
    OIDC_EMAIL_CLAIM: "preferred_username",
    OIDC_TRUSTED_DOMAINS: "Acme.example, acme.fr",
    LOG_LEVEL: "debug",
  });
  assert.equal(Object.keys(settings).length, Object.keys(SETTING_VARIABLES).length);
  // As its tokens name it, to the last slash.
  assert.equal(settings.oauthIssuer, "https://login.acme.example/");
  assert.deepEqual(settings.oauthClients, ["https://app.dust.tt/.well-known/oauth-client.json", "0oa1"]);
  assert.deepEqual(settings.oauthTrustedDomains, ["acme.example", "xn--bcher-kva.example"]);
  assert.equal(settings.consoleUrl, "https://console.acme.example");
  assert.equal(settings.oidcIssuer, "https://login.acme.example/");
  assert.deepEqual(settings.oidcTrustedDomains, ["acme.example", "acme.fr"]);
  assert.deepEqual(settings.allowedHosts, ["gateway.internal", "10.0.0.7", "[::1]"]);
  assert.equal(settings.port, 0);
  assert.equal(settings.multimailApiUrl, "http://127.0.0.1:8788");
  assert.equal(settings.publicUrl, "https://mail.acme.example");
  assert.equal(settings.auditSigningKey, PEM);
  assert.equal(settings.auditBodyRetention, 31_536_000_000);
  assert.deepEqual(settings.auditBodyReaders, ["ann", "bob@acme.example"]);
  assert.deepEqual(settings.consoleVerifierKeys, ["console+8d66cf3f+AQID", "other+0a1b2c3d+AQIDBA=="]);
});

test("parseEnv() wants a client and its secret beside the address of introspection", () => {
  const url = { OAUTH_INTROSPECTION_URL: "http://127.0.0.1:1/introspect" };
  const client = { OAUTH_INTROSPECTION_CLIENT_ID: "gateway", OAUTH_INTROSPECTION_CLIENT_SECRET: "12345678" };
  assert.throws(
    () => parseEnv(url),
    /OAUTH_INTROSPECTION_CLIENT_ID must be set beside OAUTH_INTROSPECTION_URL\n.*CLIENT_SECRET must be set/,
  );
  assert.throws(() => parseEnv(url, ["oauthIntrospectionUrl"]), /CLIENT_ID must be set beside/);
  parseEnv({ ...url, ...client });
  parseEnv(client);
});

test("parseEnv() takes the issuer of one tenant of Microsoft's, in both forms", () => {
  const tenant = "8f14e45f-ceea-467a-9575-1a2b3c4d5e6f";
  for (const issuer of [
    `https://login.microsoftonline.com/${tenant}/v2.0`,
    `https://sts.windows.net/${tenant}/`,
  ]) {
    assert.equal(parseEnv({ OAUTH_ISSUER: issuer }).oauthIssuer, issuer);
  }
});

test("parseEnv() derives the public address from the host", () => {
  assert.equal(parseEnv({ HOST: "::1", PORT: "80" }).publicUrl, "http://[::1]:80");
});

test("parseEnv() refuses careless values, and says the variable and what is wanted", async (t) => {
  const cases: readonly (readonly [variable: string, text: string, message: RegExp])[] = [
    ["PORT", "8o", /PORT must be a whole number from 0 to 65535, got "8o"/],
    ["PORT", " 8787", /got " 8787"/],
    ["PORT", "8787.0", /PORT/],
    ["PORT", "1e3", /PORT/],
    ["PORT", "0x50", /PORT/],
    ["PORT", "-1", /PORT/],
    ["PORT", "65536", /PORT/],
    ["REQUESTS_PER_MINUTE", "0", /REQUESTS_PER_MINUTE must be a whole number from 1/],
    ["REQUESTS_PER_MINUTE", "1e3", /REQUESTS_PER_MINUTE/],
    ["CONSOLE_VERIFIER_KEY", "console+8d66cf3f", /CONSOLE_VERIFIER_KEY must be verifier keys such as/],
    ["ALLOWED_HOSTS", "mail.acme.example:443", /ALLOWED_HOSTS must be host names without ports/],
    ["ALLOWED_HOSTS", "*.acme.example", /ALLOWED_HOSTS/],
    ["ALLOWED_HOSTS", "a,,b", /ALLOWED_HOSTS/],
    ["SANDBOX_PORT", "none", /SANDBOX_PORT must be a whole number/],
    ["HOST", "http://localhost", /HOST must be a host name or an IP address, got/],
    ["DATA_DIR", "~/data", /DATA_DIR must be a path, in which "~" is not expanded, got "~\/data"/],
    ["TEAMS_DIR", "a\0b", /TEAMS_DIR must be a path/],
    ["AUDIT_BODY_RETENTION", "365", /AUDIT_BODY_RETENTION must be a number of days/],
    ["AUDIT_BODY_RETENTION", "0d", /AUDIT_BODY_RETENTION/],
    ["AUDIT_BODY_RETENTION", "1y", /AUDIT_BODY_RETENTION/],
    ["AUDIT_BODY_READERS", "ann bob", /AUDIT_BODY_READERS must be names, separated by commas/],
    ["AUDIT_BODY_READERS", "ann,,bob", /AUDIT_BODY_READERS/],
    ["MULTIMAIL_API_URL", "api.multimail.dev", /MULTIMAIL_API_URL must be an address/],
    ["MULTIMAIL_API_URL", "https://api.multimail.dev/v1", /without "\/v1"/],
    ["MULTIMAIL_API_URL", "https://api.multimail.dev/v1/", /without "\/v1"/],
    ["MULTIMAIL_API_URL", "http://api.multimail.dev", /https unless it is on this machine/],
    ["MULTIMAIL_API_URL", "http://127.0.0.1.evil.example", /https unless/],
    ["MULTIMAIL_API_URL", "file:///etc/passwd", /MULTIMAIL_API_URL/],
    ["MULTIMAIL_API_URL", "https://user:pw@api.multimail.dev", /MULTIMAIL_API_URL/],
    [
      "MULTIMAIL_API_KEY",
      "mm_live_0123456789\n",
      /MULTIMAIL_API_KEY must be a key, without spaces or line breaks$/,
    ],
    ["MULTIMAIL_API_KEY", "Bearer mm_live_0123456789", /MULTIMAIL_API_KEY/],
    ["MULTIMAIL_API_KEY", "mm_live_…", /MULTIMAIL_API_KEY/],
    [
      "MULTIMAIL_WEBHOOK_SECRET",
      "0123456789",
      /MULTIMAIL_WEBHOOK_SECRET must be a secret that starts with "whsec_"$/,
    ],
    ["DATABASE_URL", "mysql://root:hunter2@db/x", /DATABASE_URL must be an address such as "postgres:/],
    ["AUDIT_SIGNING_KEY", "hunter2", /AUDIT_SIGNING_KEY must be an Ed25519 private key/],
    ["AUDIT_ORIGIN", "acme mail", /AUDIT_ORIGIN must be a name without spaces/],
    ["AUDIT_ORIGIN", "acme+mail", /AUDIT_ORIGIN/],
    ["PUBLIC_URL", "mail.acme.example", /PUBLIC_URL/],
    ["PUBLIC_URL", "https://mail.acme.example/?a=1", /PUBLIC_URL/],
    ["OAUTH_ISSUER", "login.acme.example", /OAUTH_ISSUER must be the issuer exactly as its tokens name it/],
    ["OAUTH_ISSUER", "http://login.acme.example", /https unless it is on this machine/],
    ["OAUTH_ISSUER", "https://login.acme.example/?a=1", /OAUTH_ISSUER/],
    ["OAUTH_ISSUER", "https://login.microsoftonline.com/common/v2.0", /of one tenant/],
    ["OAUTH_ISSUER", "https://login.microsoftonline.com/organizations/v2.0", /of one tenant/],
    ["OAUTH_ISSUER", "https://login.microsoftonline.com/{tenantid}/v2.0", /of one tenant/],
    ["OAUTH_ISSUER", "https://login.microsoftonline.com/", /of one tenant/],
    ["OAUTH_AUDIENCE", "a b", /OAUTH_AUDIENCE must be what tokens name as their audience/],
    ["OAUTH_SCOPE", "openid email", /OAUTH_SCOPE must be one scope/],
    ["OAUTH_SCOPE", 'a"b', /OAUTH_SCOPE/],
    ["OAUTH_CLIENTS", "a,,b", /OAUTH_CLIENTS must be client ids, separated by commas/],
    ["OAUTH_EMAIL_CLAIM", "e mail", /OAUTH_EMAIL_CLAIM must be the name of a claim/],
    ["OAUTH_TRUSTED_DOMAINS", "*.acme.example", /OAUTH_TRUSTED_DOMAINS must be domains in ASCII/],
    ["OAUTH_TRUSTED_DOMAINS", "example", /OAUTH_TRUSTED_DOMAINS/],
    ["OAUTH_TRUSTED_DOMAINS", "bücher.example", /OAUTH_TRUSTED_DOMAINS/],
    ["OAUTH_INTROSPECTION_URL", "http://login.acme.example/i", /OAUTH_INTROSPECTION_URL must be an address/],
    ["OAUTH_INTROSPECTION_CLIENT_SECRET", "hunter2\n", /OAUTH_INTROSPECTION_CLIENT_SECRET must be a key/],
    ["CONSOLE_PORT", "x", /CONSOLE_PORT must be a whole number/],
    ["CONSOLE_URL", "https://acme.example/console", /CONSOLE_URL must be an address .*without a path/],
    ["CONSOLE_AUTH", "none", /CONSOLE_AUTH must be "link" or "oidc", got "none"/],
    ["OIDC_ISSUER", "http://login.acme.example", /OIDC_ISSUER must be an issuer .*https unless/],
    ["OIDC_ISSUER", "https://login.microsoftonline.com/common/v2.0", /OIDC_ISSUER .*of one tenant/],
    ["OIDC_CLIENT_SECRET", "hunter 2", /OIDC_CLIENT_SECRET must be a secret, without spaces or line breaks$/],
    ["OIDC_TRUSTED_DOMAINS", "*.acme.example", /OIDC_TRUSTED_DOMAINS must be domains in ASCII/],
    ["LOG_LEVEL", "verbose", /LOG_LEVEL must be "fatal", .*got "verbose"/],
  ];
  for (const [variable, text, message] of cases) {
    await t.test(`${variable}=${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseEnv({ [variable]: text }),
        (error) => error instanceof EnvError && message.test(error.message),
      );
    });
  }
});

test("parseEnv() refuses quotes, blanks and line ends at the edges of any variable", async (t) => {
  const values = {
    HOST: "127.0.0.1",
    DATA_DIR: "/data",
    TEAMS_DIR: "teams",
    AUDIT_ORIGIN: "acme/mail",
    AUDIT_CHECKPOINT_TO: "file:/mnt/worm/",
    AUDIT_BODY_READERS: "ann,bob",
    MULTIMAIL_API_KEY: "mm_test_0123456789",
    MULTIMAIL_WEBHOOK_SECRET: "whsec_0123456789",
    MULTIMAIL_API_URL: "https://api.multimail.dev",
    PUBLIC_URL: "https://mail.acme.example",
    DATABASE_URL: "postgres://db.acme.example/countersign",
  };
  for (const [variable, value] of Object.entries(values)) {
    const edgy = [
      `"${value}"`,
      `'${value}'`,
      ` ${value}`,
      `${value} `,
      `${value}\n`,
      `${value}\r\n`,
      `\t${value}`,
    ].concat(`\u201c${value}\u201d`, `\ufeff${value}`, `${value}\u200b`, `${value}"`);
    await t.test(variable, () => {
      parseEnv({ [variable]: value });
      for (const text of edgy) {
        assert.throws(
          () => parseEnv({ [variable]: text }),
          (error) => error instanceof EnvError && error.message.includes(`${variable} must be `),
          JSON.stringify(text),
        );
      }
    });
  }
  assert.equal(parseEnv({ AUDIT_SIGNING_KEY: PEM }).auditSigningKey, PEM);
  assert.throws(() => parseEnv({ AUDIT_SIGNING_KEY: `"${PEM}"` }), /AUDIT_SIGNING_KEY/);
  assert.throws(
    () => parseEnv({ DATA_DIR: '"/data"' }),
    /DATA_DIR must be without quotes, blanks or line ends at its edges.*got "\\"\/data\\""/,
  );
});

test("parseEnv() says everything that is wrong at once", () => {
  assert.throws(
    () => parseEnv({ PORT: "x", LOG_LEVEL: "y", DATABASE_URL: "z" }),
    (error) =>
      error instanceof EnvError && error.code === "invalid_environment" && error.problems.length === 3,
  );
});

test("parseEnv() never shows a secret", () => {
  const secret = "hunter2 hunter2";
  const names = [
    "MULTIMAIL_API_KEY",
    "MULTIMAIL_OVERSIGHT_KEY",
    "MULTIMAIL_ADMIN_KEY",
    "MULTIMAIL_WEBHOOK_SECRET",
    "DATABASE_URL",
    "AUDIT_SIGNING_KEY",
    "OAUTH_INTROSPECTION_CLIENT_SECRET",
  ];
  assert.throws(
    () => parseEnv(Object.fromEntries(names.map((name) => [name, secret]))),
    (error) =>
      error instanceof EnvError &&
      error.problems.length === names.length &&
      !error.message.includes("hunter2"),
  );
});

test("parseEnv() does not show the password in an address", () => {
  assert.throws(
    () => parseEnv({ MULTIMAIL_API_URL: "https://user:hunter2@api.multimail.dev" }),
    (error) => error instanceof EnvError && !error.message.includes("hunter2"),
  );
});

test("parseEnv() does not look at variables that were not asked for", () => {
  const env = { PORT: "x", MULTIMAIL_ADMIN_KEY: "mm_test_0123456789", TEAMS_DIR: "t" };
  const settings = parseEnv(env, ["teamsDir"]);
  assert.equal(settings.teamsDir, "t");
  assert.ok(!JSON.stringify(settings).includes("mm_test_"));
  assert.throws(() => parseEnv(env, ["publicUrl"]), /PORT/);
});

test("describeSettings() tells of every setting, with the default that parseEnv() gives", () => {
  const described = describeSettings();
  const variables = Object.values(SETTING_VARIABLES);
  assert.deepEqual(described.map(({ variable }) => variable).sort(), [...variables].sort());
  const defaults = Object.fromEntries(
    described.flatMap(({ variable, fallback }) => (fallback === undefined ? [] : [[variable, fallback]])),
  );
  assert.equal(defaults.AUDIT_CHECKPOINT_INTERVAL, "60s");
  assert.deepEqual(parseEnv(defaults), parseEnv({}));
});

test("parseEnv() lets people sign in by a link only where nobody else reaches the console", () => {
  assert.equal(parseEnv({ HOST: "::1" }).consoleAuth, "link");
  assert.equal(parseEnv({ HOST: "0.0.0.0" }).consoleAuth, "oidc");
  assert.equal(parseEnv({ CONSOLE_URL: "https://console.acme.example" }).consoleAuth, "oidc");
  for (const elsewhere of [{ HOST: "10.0.0.7" }, { CONSOLE_URL: "https://console.acme.example" }]) {
    assert.throws(
      () => parseEnv({ ...elsewhere, CONSOLE_AUTH: "link" }),
      /CONSOLE_AUTH must be "oidc" where others than this machine reach the console \(HOST, CONSOLE_URL\), got "link"/,
    );
  }
});

test("GATEWAY_SETTINGS has no key that decides or administers, and nothing of the console's sign-in", () => {
  const secret = "mm_test_0123456789";
  const env = {
    MULTIMAIL_OVERSIGHT_KEY: secret,
    MULTIMAIL_ADMIN_KEY: secret,
    OIDC_CLIENT_SECRET: secret,
  };
  assert.ok(!JSON.stringify(parseEnv(env, GATEWAY_SETTINGS)).includes(secret));
  // Where the console's public key is, and the key itself.
  const known = ["consoleDataDir", "consoleVerifierKeys"];
  const forgotten = Object.keys(SETTING_VARIABLES).filter(
    (name) =>
      !known.includes(name) &&
      /^console|^oidc|oversight|admin/i.test(name) &&
      GATEWAY_SETTINGS.some((one) => one === name),
  );
  assert.deepEqual(forgotten, []);
});

test("CONSOLE_SETTINGS has no key that sends", () => {
  const secret = "mm_test_0123456789";
  const env = { MULTIMAIL_API_KEY: secret, MULTIMAIL_ADMIN_KEY: secret, AUDIT_SIGNING_KEY: PEM };
  const read = JSON.stringify(parseEnv(env, CONSOLE_SETTINGS));
  assert.ok(!read.includes(secret) && !read.includes("PRIVATE KEY"));
});
