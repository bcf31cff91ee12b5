/**
 * How long the page of one email takes on the server, with all that stands beside it: 10,000 emails on record, all to the people
 * whom it reaches, others that overlap with it, and a long text in which much is found.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "@countersign/gateway";
import { CONSOLE_SETTINGS, parseEnv } from "@countersign/host";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { until } from "@countersign/lifecycle/testing/until";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { startSandbox } from "@countersign/sandbox";
import { openTrailAt } from "@countersign/trail/open";
import { startConsole } from "./start_console.ts";
import { appendWaiting } from "./testing/append_waiting.ts";
import { QUEUE_TEAMS } from "./testing/queue_teams.ts";
import { signInTo } from "./testing/start_test_console.ts";

const ON_RECORD = 10_000;
const PEOPLE = 10;
const PAGES = 40;

const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
const texts = {
  ...QUEUE_TEAMS,
  "finance.yaml": `${QUEUE_TEAMS["finance.yaml"]}content: { flag: [iban, credit_card, api_key, email_list] }\n`,
};
const { teams, keys } = withFreshKeys(texts);
const policies = linkTeams(teams);
const sandbox = await startSandbox({ scanMs: 5, policies });
const env = {
  DATA_DIR: dataDir,
  CONSOLE_DATA_DIR: dataDir,
  LOG_LEVEL: "silent",
  MULTIMAIL_API_URL: sandbox.url,
};
const settings = parseEnv({ ...env, PORT: "0" });
const trail = await openTrailAt(settings);
const gateway = await startGateway({ settings, policies, env: { MULTIMAIL_API_KEY: sandbox.apiKey } });

const to = Array.from({ length: PEOPLE }, (_, n) => `person${n}@client.example`);

/** Asks for an email that is held: its receipt. */
async function hold(as: string, email: Readonly<Record<string, unknown>>): Promise<string> {
  const response = await fetch(`${gateway.url}/v1/send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${keys.get(as)}`, "Content-Type": "application/json" },
    body: JSON.stringify(email),
  });
  const answer = (await response.json()) as { readonly receipt: string; readonly status?: string };
  if (answer.status !== "pending") throw new Error(`Cannot measure: not held: ${JSON.stringify(answer)}`);
  return answer.receipt;
}

const line =
  "Please pay invoice 7 of last year to DE89 3704 0044 0532 0130 00, or by card 4111 1111 1111 1111.\n";
const alone = await hold("finance/chaser", { to: "alone@else.example", subject: "Hello", body: "Hello." });
const text = line.repeat(200);
await hold("finance/chaser", { to, subject: "Invoice 7", body: text });
const receipt = await hold("finance/reminder", { to, subject: "Invoice 7", body: `${text}Kind regards` });
await until(async () => (await trail.watchedEmails()).length === 3);
await gateway.close();
await appendWaiting(trail, { count: ON_RECORD, to: (n) => to[n % PEOPLE] ?? "" });
const running = await startConsole({
  settings: parseEnv({ ...env, CONSOLE_PORT: "0" }, CONSOLE_SETTINGS),
  policies,
  env: { MULTIMAIL_OVERSIGHT_KEY: sandbox.oversightKey },
});

const person = await signInTo(running, "lead@acme.example");

/** Median and slowest of a page, in milliseconds. */
async function measure(path: string): Promise<{ readonly median: number; readonly worst: number }> {
  const times: number[] = [];
  for (let n = -5; n < PAGES; n++) {
    const start = performance.now();
    const { status, text } = await person.get(path);
    if (status !== 200 || !text.includes("Your decision"))
      throw new Error(`Cannot measure: ${path} is ${status}`);
    if (n >= 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[PAGES >> 1] ?? 0, worst: times.at(-1) ?? 0 };
}

const small = await measure(`/queue/${alone}`);
const { median, worst } = await measure(`/queue/${receipt}`);
console.log(
  `one short email to nobody known: ${small.median.toFixed(1)} ms (slowest ${small.worst.toFixed(1)} ms)`,
);
console.log(`one email with its neighbours: ${median.toFixed(1)} ms (slowest ${worst.toFixed(1)} ms)`);
process.send?.({
  ...{ what: `email: one with its neighbours, ${ON_RECORD} on record`, value: median, unit: "ms" },
  aim: "<= 150",
});

await running.close();
await sandbox.close();
await trail.close();
await rm(dataDir, { recursive: true });
