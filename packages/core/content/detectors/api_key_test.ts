import assert from "node:assert/strict";
import { test } from "node:test";
import { survey } from "../survey/survey.ts";
import { apiKey } from "./api_key.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const HEX = `${DIGITS}abcdef`;
const BASE62 = LOWER + UPPER + DIGITS;
const BASE64URL = `${BASE62}-_`;
const BASE32 = `${UPPER}234567`;
const BASE64 = `${BASE62}+/`;

/** Mulberry32: the same characters on every machine. */
function randomOf(seed: number): (alphabet: string, length: number) => string {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return (alphabet, length) =>
    Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
}

type Draw = ReturnType<typeof randomOf>;

/** Put together here, so that no secret scanner takes this file for a leak. */
const FORMATS: Readonly<Record<string, (draw: Draw) => string>> = {
  MultiMail: (draw) => `mm_${"live"}_${draw(BASE62, 32)}`,
  "MultiMail, letters only": (draw) => `mm_${"test"}_${draw(LOWER + UPPER, 24)}`,
  "Countersign's own": (draw) => `csk${"_"}${draw(BASE64URL, 43)}`,
  "AWS access key": (draw) => `AK${"IA"}${draw(BASE32, 16)}`,
  "AWS access key without a digit": (draw) => `AK${"IA"}${draw(UPPER, 16)}`,
  "AWS temporary key": (draw) => `AS${"IA"}${draw(BASE32, 16)}`,
  "AWS secret key": (draw) => `aws_secret_access_key = ${draw(BASE64, 40)}`,
  "AWS Bedrock": (draw) => `AB${"SK"}${draw(BASE64, 120)}`,
  "GitHub personal": (draw) => `gh${"p_"}${draw(BASE62, 36)}`,
  "GitHub OAuth": (draw) => `gh${"o_"}${draw(BASE62, 36)}`,
  "GitHub app user": (draw) => `gh${"u_"}${draw(BASE62, 36)}`,
  "GitHub app": (draw) => `gh${"s_"}${draw(BASE62, 36)}`,
  "GitHub refresh": (draw) => `gh${"r_"}${draw(BASE62, 76)}`,
  "GitHub fine-grained": (draw) => `github_${"pat_"}${draw(BASE62, 22)}_${draw(BASE62, 59)}`,
  ...Object.fromEntries(
    "glpat- gldt- glrt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt-"
      .split(" ")
      .map((prefix) => [`GitLab ${prefix}`, (draw: Draw) => `${prefix}${draw(BASE64URL, 26)}`]),
  ),
  "GitLab job": (draw) => `glc${"bt-"}64_${draw(BASE64URL, 20)}`,
  "GitLab routable": (draw) => `glp${"at-"}${draw(BASE64URL, 27)}.01.${draw(LOWER + DIGITS, 9)}`,
  "GitLab runner registration": (draw) => `GR${"1348941"}${draw(BASE64URL, 20)}`,
  "Slack bot": (draw) => `xo${"xb-"}${draw(DIGITS, 12)}-${draw(DIGITS, 13)}-${draw(BASE62, 24)}`,
  "Slack user": (draw) =>
    `xo${"xp-"}${draw(DIGITS, 12)}-${draw(DIGITS, 12)}-${draw(DIGITS, 12)}-${draw(HEX, 32)}`,
  "Slack app": (draw) => `xa${"pp-"}1-A${draw(UPPER + DIGITS, 10)}-${draw(DIGITS, 13)}-${draw(HEX, 64)}`,
  "Slack configuration": (draw) => `xo${"xe."}xo${"xp-"}1-${draw(BASE62, 164)}`,
  "Slack refresh": (draw) => `xo${"xe-"}1-${draw(BASE62, 146)}`,
  "Slack cookie": (draw) => `xo${"xd-"}${draw(BASE64, 60)}`,
  "Slack webhook": (draw) =>
    `https://hooks.slack${".com/services/"}T${draw(UPPER + DIGITS, 8)}/B${draw(UPPER + DIGITS, 10)}/${draw(BASE62, 24)}`,
  "Slack workflow": (draw) =>
    `https://hooks.slack${".com/workflows/"}T${draw(UPPER + DIGITS, 8)}/A${draw(UPPER + DIGITS, 10)}/${draw(DIGITS, 18)}/${draw(BASE62, 24)}`,
  "Slack trigger": (draw) =>
    `https://hooks.slack${".com/triggers/"}T${draw(UPPER + DIGITS, 8)}/${draw(DIGITS, 13)}/${draw(HEX, 32)}`,
  "Stripe secret": (draw) => `sk_${"live_"}${draw(BASE62, 24)}`,
  "Stripe restricted": (draw) => `rk_${"test_"}${draw(BASE62, 99)}`,
  "Stripe without a digit": (draw) => `sk_${"live_"}${draw(LOWER + UPPER, 24)}`,
  "webhook secret": (draw) => `wh${"sec_"}${draw(BASE62, 32)}`,
  "Google API": (draw) => `AI${"za"}${draw(BASE64URL, 35)}`,
  "Google OAuth client": (draw) => `GOC${"SPX-"}${draw(BASE64URL, 28)}`,
  "Google access": (draw) => `ya${"29."}${draw(BASE64URL, 120)}`,
  "Google refresh": (draw) => `1/${"/0"}${draw(BASE64URL, 60)}`,
  "Google service account": (draw) =>
    `{"type": "service_account", "private_key_${"id"}": "${draw(HEX, 40)}", "client_email": "x"}`,
  "Azure client secret": (draw) => `${draw(BASE62, 3)}8${"Q~"}${draw(BASE62, 34)}`,
  "Azure storage": (draw) =>
    `DefaultEndpointsProtocol=https;AccountName=a;Account${"Key="}${draw(BASE64, 86)}==;EndpointSuffix=core.windows.net`,
  "Azure service bus": (draw) =>
    `Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccess${"Key="}${draw(BASE64, 43)}=`,
  "Azure key of 2024": (draw) => `${draw(BASE62, 52)}JQ${"QJ99"}${draw(BASE62, 26)}`,
  "Azure shared access signature": (draw) =>
    `https://acme.blob.core.windows.net/c?sv=2024-11-04&ss=b&srt=sco&sp=rwdl&se=2099-01-01T00:00:00Z&sig=${draw(BASE62, 43)}%3D`,
  "Azure logic app": (draw) =>
    `https://prod-1.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers&sv=1.0&sig=${draw(BASE64URL, 43)}`,
  "Azure DevOps": (draw) => `AZURE_DEVOPS_PAT=${draw(LOWER + DIGITS, 52)}`,
  Databricks: (draw) => `da${"pi"}${draw(HEX, 32)}`,
  "Hugging Face": (draw) => `h${"f_"}${draw(LOWER + UPPER, 34)}`,
  "Hugging Face organisation": (draw) => `api_${"org_"}${draw(LOWER + UPPER, 34)}`,
  npm: (draw) => `np${"m_"}${draw(BASE62, 36)}`,
  "npm without a digit": (draw) => `np${"m_"}${draw(LOWER + UPPER, 36)}`,
  PyPI: (draw) => `py${"pi-"}AgEIcHlwaS5vcmc${draw(BASE64URL, 120)}`,
  SendGrid: (draw) => `S${"G."}${draw(BASE64URL, 22)}.${draw(BASE64URL, 43)}`,
  Mailgun: (draw) => `ke${"y-"}${draw(HEX, 32)}`,
  "Mailgun of 2021": (draw) => `${draw(HEX, 32)}-${draw(HEX, 8)}-${draw(HEX, 8)}`,
  Brevo: (draw) => `xkey${"sib-"}${draw(HEX, 64)}-${draw(BASE62, 16)}`,
  "Brevo SMTP": (draw) => `xsmtp${"sib-"}${draw(HEX, 64)}-${draw(BASE62, 16)}`,
  Postmark: (draw) => `POSTMARK_SERVER_TOKEN=${uuid(draw)}`,
  "Postmark header": (draw) => `X-Postmark-Server-Token: ${uuid(draw)}`,
  "Twilio key": (draw) => `S${"K"}${draw(HEX, 32)}`,
  "Twilio auth token": (draw) => `TWILIO_AUTH_TOKEN="${draw(HEX, 32)}"`,
  OpenAI: (draw) => `s${"k-"}${draw(BASE62, 20)}T3BlbkFJ${draw(BASE62, 20)}`,
  "OpenAI project": (draw) => `sk-${"proj-"}${draw(BASE64URL, 74)}T3BlbkFJ${draw(BASE64URL, 74)}`,
  "OpenAI service": (draw) => `sk-${"svcacct-"}${draw(BASE64URL, 58)}T3BlbkFJ${draw(BASE64URL, 58)}`,
  "OpenAI admin": (draw) => `sk-${"admin-"}${draw(BASE64URL, 58)}T3BlbkFJ${draw(BASE64URL, 58)}`,
  Anthropic: (draw) => `sk-${"ant-"}api03-${draw(BASE64URL, 93)}AA`,
  "Vault service": (draw) => `hv${"s."}${draw(BASE64URL, 92)}`,
  "Vault batch": (draw) => `hv${"b."}${draw(BASE64URL, 150)}`,
  Atlassian: (draw) => `ATA${"TT3"}xFfGF0${draw(BASE64URL, 180)}=${draw(UPPER + DIGITS, 8)}`,
  "Bitbucket app password": (draw) => `AT${"BB"}${draw(BASE62, 32)}`,
  "Atlassian, older": (draw) => `JIRA_API_TOKEN=${draw(BASE62, 24)}`,
  Telegram: (draw) => `${"1"}${draw(DIGITS, 9)}${":AA"}${draw(BASE64URL, 33)}`,
  "Discord bot": (draw) => `MT${draw(BASE62, 22)}.G${draw(BASE62, 5)}.${draw(BASE64URL, 38)}`,
  "Discord webhook": (draw) =>
    `https://discord${".com/api/webhooks/"}${draw(DIGITS, 18)}/${draw(BASE64URL, 68)}`,
  PostgreSQL: (draw) => `postgres://app:${draw(BASE62, 12)}@db.acme.example:5432/orders`,
  "a driver's PostgreSQL": (draw) => `postgresql+psycopg2://app:${draw(LOWER, 9)}@10.0.0.5/orders`,
  MySQL: (draw) => `mysql://root:${draw(BASE62, 8)}@localhost/shop`,
  MongoDB: (draw) => `mongodb+srv://app:${draw(BASE62, 16)}@cluster0.x.mongodb.net/?retryWrites=true`,
  Redis: (draw) => `rediss://:${draw(BASE62, 20)}@cache.acme.example:6380/0`,
  AMQP: (draw) => `amqps://app:${draw(LOWER, 6)}%40${draw(DIGITS, 4)}@mq.acme.example/vhost`,
  "JDBC and a parameter": (draw) =>
    `jdbc:postgresql://db.acme.example/orders?user=app&password=${draw(BASE62, 10)}&ssl=true`,
  "SQL Server": (draw) =>
    `Server=tcp:acme.database.windows.net,1433;Database=orders;User ID=app;Password=${draw(BASE62, 14)};Encrypt=True`,
  "a site with a password": (draw) => `https://deploy:${draw(BASE62, 14)}@git.acme.example/app.git`,
  "a named secret": (draw) => `"client_secret": "${draw(BASE62, 40)}"`,
  "a named hexadecimal secret": (draw) => `GITHUB_CLIENT_SECRET=${draw(HEX, 40)}`,
  "a named key": (draw) => `API key: ${draw(BASE62, 32)}`,
};

function uuid(draw: Draw): string {
  return [8, 4, 4, 4, 12].map((length) => draw(HEX, length)).join("-");
}

function isFound(text: string, now?: number): boolean {
  return apiKey(survey(text), now === undefined ? {} : { now }) >= 0;
}

test("apiKey() finds random keys of every known form, with digits and without", async (t) => {
  for (const [name, make] of Object.entries(FORMATS)) {
    await t.test(name, () => {
      let missed = 0;
      for (let seed = 1; seed <= 200; seed++) {
        if (!isFound(`Please use ${make(randomOf(seed))} for now.`)) missed++;
      }
      // One in a thousand of hexadecimal keys has too few changes of kind to be told from a number.
      assert.ok(missed <= 1, `${missed} of 200 missed`);
    });
  }
});

test("apiKey() finds keys that line ends and dots divide", () => {
  const draw = randomOf(7);
  const jwt = ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", `eyJ${draw(BASE62, 60)}`, draw(BASE64URL, 43)];
  const sendgrid = [`S${"G"}`, draw(BASE64URL, 22), draw(BASE64URL, 43)];
  for (const parts of [jwt, sendgrid]) {
    for (const glue of [".\n", "\n.", " . ", ".\n> ", ". "])
      assert.ok(isFound(`See ${parts.join(glue)} ok`), glue);
  }
});

test("apiKey() takes no placeholder for a key", async (t) => {
  const words = ["your", "Secret", "Key", "goes", "Here", "replace", "This", "Token", "example", "Value"];
  const fill: Readonly<Record<string, Draw>> = {
    "one letter": (_, length) => "x".repeat(length),
    "capital X": (_, length) => "X".repeat(length),
    zeros: (_, length) => "0".repeat(length),
    "a row": (_, length) => "abcdefghijklmnopqrstuvwxyz0123456789".repeat(9).slice(0, length),
    "a short piece again": (_, length) => "1a2b3c4d".repeat(40).slice(0, length),
    words: (_, length) => words.join("").repeat(9).slice(0, length),
  };
  for (const [name, draw] of Object.entries(fill)) {
    await t.test(name, () => {
      const found = Object.entries(FORMATS).filter(([form, make]) => {
        // A password may be anything, and a link's signature is what the link says of it.
        if (
          /^(?:PostgreSQL|a driver|MySQL|MongoDB|Redis|AMQP|JDBC|SQL|a site|Azure (?:shared|logic))/.test(
            form,
          )
        )
          return false;
        return isFound(`Set ${make(draw)} here.`);
      });
      assert.deepEqual(
        found.map(([form]) => form),
        [],
      );
    });
  }
});

test("apiKey() takes no variable, mask or word for a password", () => {
  for (const text of [
    "postgres://user:password@localhost/db",
    "postgres://user:$PASSWORD@db.acme.example/db",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a configuration file has
    "postgres://user:${DB_PASSWORD}@db.acme.example/db",
    "postgres://user:{{password}}@db.acme.example/db",
    "postgres://user:[YOUR-PASSWORD]@db.acme.example/db",
    "postgres://user:****@db.acme.example/db",
    "postgres://user:xxxxx@db.acme.example/db",
    "postgres://user:your_password@db.acme.example/db",
    "postgres://postgres:postgres@localhost:5432/app",
    "postgres://db.acme.example:5432/app",
    "https://acme.example:8443/path@2x.png",
    "Server=db;User ID=app;Password=<password>;",
    "https://meet.example/j/123?pwd=aGVsbG8gd29ybGQ",
  ]) {
    assert.equal(isFound(text), false, text);
  }
});

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 10);
const iso = (time: number): string => new Date(time).toISOString().replace(".000", "");

test("apiKey() lets links pass that are signed and end, and no others", async (t) => {
  const draw = randomOf(3);
  const id = `AK${"IA"}${draw(BASE32, 16)}`;
  const v4 = (seconds: number): string =>
    `https://acme.s3.amazonaws.com/invoice.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${id}%2F20261123%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20261123T100000Z&X-Amz-Expires=${seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature=${draw(HEX, 64)}`;
  const v2 = (end: number): string =>
    `https://acme.s3.amazonaws.com/a.pdf?AWSAccessKeyId=${id}&Expires=${end / 1000}&Signature=${draw(BASE62, 27)}%3D`;
  const google = (end: number): string =>
    `https://storage.googleapis.com/acme/a.pdf?GoogleAccessId=x%40acme.iam.gserviceaccount.com&Expires=${end / 1000}&Signature=${draw(BASE62, 300)}`;
  const azure = (end: number, start?: number): string =>
    `https://acme.blob.core.windows.net/c/a.pdf?sv=2024-11-04${start === undefined ? "" : `&st=${encodeURIComponent(iso(start))}`}&se=${encodeURIComponent(iso(end))}&sr=b&sp=r&sig=${draw(BASE62, 43)}%3D`;
  const token = (claims: object): string =>
    `https://app.acme.example/magic?token=${["eyJhbGciOiJIUzI1NiJ9", Buffer.from(JSON.stringify(claims)).toString("base64url"), draw(BASE64URL, 43)].join(".")}`;
  const s = NOW / 1000;
  const cases: readonly (readonly [name: string, text: string, found: boolean])[] = [
    ["S3 for an hour", v4(3600), false],
    ["S3 for a week", v4(604_800), false],
    ["S3 for longer than S3 signs", v4(6_048_000), true],
    ["S3, older form, for an hour", v2(NOW + HOUR), false],
    ["S3, older form, over", v2(NOW - HOUR), false],
    ["S3, older form, for a year", v2(NOW + 8760 * HOUR), true],
    ["Google for an hour", google(NOW + HOUR), false],
    ["Google for years", google(NOW + 40_000 * HOUR), true],
    ["Azure for an hour", azure(NOW + HOUR), false],
    ["Azure from when to when", azure(NOW + HOUR, NOW), false],
    ["Azure for years", azure(NOW + 40_000 * HOUR), true],
    ["Azure for years, from when to when", azure(NOW + 40_000 * HOUR, NOW), true],
    ["a token for an hour", token({ sub: "customer-4711", iat: s, exp: s + 3600 }), false],
    ["a token for a year", token({ sub: "customer-4711", iat: s, exp: s + 31_536_000 }), true],
    ["a token that never ends", token({ sub: "customer-4711", iat: s }), true],
    ["a key in no link", `${v4(3600)}\n\nKey: ${id}`, true],
    [
      "a key in another parameter of a link that ends",
      v4(3600).replace("X-Amz-SignedHeaders=host", `key=${id}`),
      true,
    ],
    [
      "another service's key in a link that ends",
      v4(3600).replace("SignedHeaders=host", `H=gh${"p_"}${draw(BASE62, 36)}`),
      true,
    ],
  ];
  for (const [name, text, found] of cases) {
    await t.test(name, () => assert.equal(isFound(`Download: ${text}\nThanks`, NOW), found));
  }
  assert.equal(isFound(azure(NOW + HOUR)), true, "without the time, nobody knows");
});

test("apiKey() takes no sum of something public for a secret", () => {
  const sha = randomOf(11)(HEX, 40);
  for (const text of [
    `The secret rotation landed in ${sha}.`,
    `secret: ${sha}`,
    `The secret ingredient is ${sha}`,
    `client secret fix, commit ${sha}`,
    `No secret was found in commit ${sha}, says the access token scanner`,
    `Access key check: sha256 ${randomOf(5)(HEX, 64)}`,
    `Etag of the api key page is ${randomOf(5)(HEX, 32)}`,
  ]) {
    assert.equal(isFound(text), false, text);
  }
});
