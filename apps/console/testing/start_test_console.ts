import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { loadPolicies, type PolicySet } from "@countersign/core/policy";
import { CONSOLE_SETTINGS, parseEnv } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { type RunningConsole, startConsole } from "../start_console.ts";
import { TEAMS } from "./teams.ts";

/** A console on a free port, on a trail and in folders of its own, with a clock that the test moves. */
export interface TestConsole {
  readonly running: RunningConsole;
  readonly url: string;
  readonly dataDir: string;
  /** The folder of the policies, which the console follows. */
  readonly teamsDir: string;
  readonly policies: PolicySet;
  /** What the test puts on record. */
  readonly trail: TrailStore;
  /** Lets time pass, in milliseconds. */
  advance(ms: number): void;
  now(): number;
  /** Signs somebody in by a link, and asks as them. */
  signIn(address: string): Promise<Browsing>;
  /** Asks as nobody. */
  readonly nobody: Browsing;
}

/** Asks the console as a browser would, following no redirect. */
export interface Browsing {
  /** The cookies that the console set, as a header. */
  cookie(): string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a form, with the token that this person's pages have. */
  post(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a test wants other than the usual. */
export interface TestConsoleOptions {
  /** File name → text, instead of the usual teams. */
  readonly teams?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Noon of a Monday. */
export const NOON: number = Date.parse("2026-11-23T12:00:00Z");

/** Policies from texts of files. */
export function policiesOf(teams: Readonly<Record<string, string>>): PolicySet {
  const files = Object.entries(teams).map(([name, text]) => ({
    name,
    file: `teams/${name}`,
    bytes: Buffer.from(text),
  }));
  const loaded = loadPolicies(files, { sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("\n"));
  return loaded.policies;
}

/** Starts a console for one test, and ends it with the test. */
export async function startTestConsole(
  t: Pick<TestContext, "after">,
  { teams = TEAMS, variables = {} }: TestConsoleOptions = {},
): Promise<TestConsole> {
  const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
  let now = NOON;
  const policies = policiesOf(teams);
  const teamsDir = join(dataDir, "teams");
  await mkdir(teamsDir);
  for (const [name, text] of Object.entries(teams)) await writeFile(join(teamsDir, name), text);
  const env = { DATA_DIR: dataDir, CONSOLE_PORT: "0", LOG_LEVEL: "silent", ...variables };
  const settings = parseEnv(env, CONSOLE_SETTINGS);
  const trail = await openTrailAt(settings);
  const running = await startConsole({ settings, policies, teamsDir, env: {}, clock: () => now });
  t.after(async () => {
    await running.close();
    await trail.close();
    await rm(dataDir, { recursive: true });
  });
  return {
    running,
    url: running.url,
    dataDir,
    teamsDir,
    policies,
    trail,
    advance: (ms) => {
      now += ms;
    },
    now: () => now,
    nobody: browse(running.url),
    signIn: (address) => signInTo(running, address),
  };
}

/** Signs somebody in to a console by a link. */
export async function signInTo(
  running: Pick<RunningConsole, "url" | "link">,
  address: string,
): Promise<Browsing> {
  const browsing = browse(running.url);
  const link = new URL(await running.link(address));
  const answer = await browsing.get(link.pathname);
  if (answer.status !== 303) throw new Error(`Cannot sign in: ${answer.status} ${answer.text}`);
  return browsing;
}

/** Somebody at a browser, who is not signed in yet. */
export function browse(url: string): Browsing {
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = { Cookie: cookie(), ...(init.headers as Record<string, string>) };
    const response = await fetch(new URL(path, url), { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /Max-Age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const get = (path: string, headers = {}) => ask(path, { headers });
  return {
    cookie,
    get,
    post: async (path, fields = {}, headers = {}) => {
      const { text } = await get("/policies");
      const [, token = ""] = /name="form_token" value="([^"]+)"/.exec(text) ?? [];
      const body = new URLSearchParams({ form_token: token, ...fields });
      return ask(path, { method: "POST", body, headers: { Origin: new URL(url).origin, ...headers } });
    },
  };
}
