import { execFile } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { inParallel } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import {
  APPROVAL_TEAMS,
  CHANGED,
  changePolicies,
  LATE,
  NEEDED,
  PEOPLE,
  restorePolicies,
} from "./approval_teams.ts";
import { Approver } from "./approver.ts";
import { bundleConsole } from "./bundle_console.ts";
import { bundleGateway } from "./bundle_gateway.ts";
import { RefusedError, sendCarefully } from "./careful_client.ts";
import {
  type ComparedDecisions,
  compareDecisions,
  type DecisionDifferences,
  type Met,
} from "./compare_decisions.ts";
import { compareWithTrail, type Differences } from "./compare_with_trail.ts";
import { CRASH_FAULTS } from "./crash_faults.ts";
import { type CrashStack, startCrashStack } from "./crash_stack.ts";
import { GatewayFleet, type GatewayFleetOptions, type GatewayLife } from "./gateway_fleet.ts";
import { untilSettled } from "./until_settled.ts";

const run = promisify(execFile);

/** How to run it. */
export interface RunApprovalCrashOptions {
  /** How often a console or a gateway is killed. */
  readonly kills: number;
  /** How many emails wait for people meanwhile. */
  readonly emails: number;
  /** How many consoles live at a time. @default 2 */
  readonly consoles?: number;
  /** An empty PostgreSQL database for the trail and the consoles' store; absent: SQLite. */
  readonly databaseUrl?: string;
  /** Told of every kill. */
  readonly onKill?: (kills: number) => void;
}

/** What was seen. */
export interface ApprovalCrashReport {
  readonly kills: number;
  /** How many of them were at which point of the console's. */
  readonly killsAt: Readonly<Record<(typeof CONSOLE_POINTS)[number], number>>;
  readonly emails: number;
  readonly delivered: number;
  /** What people were told, by kind. */
  readonly told: Readonly<Record<string, number>>;
  /** How often what is rare happened. */
  readonly met: Met;
  readonly differences: Differences &
    DecisionDifferences & {
      /** What a run of this length must have met, and has not. */
      readonly unmet: readonly string[];
    };
}

/** Where a console kills itself: its decision is on record; MultiMail has done it, and that is not on record. */
const CONSOLE_POINTS = ["after_approval", "after_decide"] as const;

/** In a console's lives, one after the other. */
const CYCLE: readonly ((typeof CONSOLE_POINTS)[number] | "random")[] = [
  "after_approval",
  "random",
  "after_decide",
  "random",
];

/** So many kills and more pass every point: then one that nobody passed is wrong. */
const ENOUGH_KILLS = 24;

/** Whoever decided has carried it out by then, or somebody else has. What lapsed is taken for two minutes. */
const DRAIN_MS = 240_000;

/** A console is given so long to come by its point. */
const POINT_MS = 15_000;

/** Of so many emails one is of the team whose people never come. */
const LATE_EVERY = 10;

/** So many emails are changed at MultiMail while they wait. */
const CHANGES = 3;

/**
 * Kills consoles and the gateway again and again while three people decide on the same email, assistants cancel, others decide
 * at MultiMail, MultiMail fails, policies change and a person comes and goes; then lets those that are left finish, and
 * compares what left, and what people were shown and told, with the trail.
 *
 * @throws {Error} when a process ends by itself
 */
export async function runApprovalCrash(options: RunApprovalCrashOptions): Promise<ApprovalCrashReport> {
  const { kills, emails, consoles = 2, databaseUrl, onKill } = options;
  const stack = await startCrashStack({ databaseUrl, teams: APPROVAL_TEAMS });
  const [gatewayProgram, consoleProgram] = [join(stack.dir, "gateway.mjs"), join(stack.dir, "console.mjs")];
  await Promise.all([bundleGateway(gatewayProgram), bundleConsole(consoleProgram)]);
  const consoleEnv = {
    ...stack.env,
    ...{ CONSOLE_PORT: "0", CONSOLE_AUTH: "link", MULTIMAIL_OVERSIGHT_KEY: stack.oversightKey },
    ...(databaseUrl !== undefined && { CONSOLE_DATABASE_URL: databaseUrl }),
  };
  const gateways = new GatewayFleet({ program: gatewayProgram, env: stack.env });
  const fleet = new GatewayFleet({ program: consoleProgram, env: consoleEnv });
  const isOver = { now: false };
  let trail: TrailStore | undefined;
  try {
    const killed = new EventEmitter();
    killed.setMaxListeners(0);
    let count = 0;
    const killsAt: Record<(typeof CONSOLE_POINTS)[number], number> = { after_approval: 0, after_decide: 0 };
    const onEnd = (point: (typeof CONSOLE_POINTS)[number] | undefined) => {
      count++;
      if (point !== undefined) killsAt[point]++;
      onKill?.(count);
      killed.emit("kill");
    };
    const gatewayKills = Math.floor(kills / (2 * consoles + 1));
    const consoleKills = kills - gatewayKills;
    const turn = async (n: number) => {
      while (n * kills >= (count + 1) * emails) await once(killed, "kill");
    };
    const first = await gateways.start();
    await first.serving;
    trail = await openTrailAt({ dataDir: stack.dataDir, databaseUrl }, { readonly: true });
    const approvers = approversOf(fleet, { program: consoleProgram, env: consoleEnv });
    const world: World = { stack, trail, approvers, isOver, elsewhere: new Set(), changed: new Map() };
    const around = [
      ...[...approvers.values()].map((approver) => decideAgainAndAgain(approver, world)),
      takeBack(world, () => gateways.url()),
      decideElsewhere(world),
      changeAgainAndAgain(world),
      alter(world, () => gateways.url()),
    ];
    const places = Array.from({ length: consoles }, (_, place) =>
      killConsoles(fleet, Math.ceil((consoleKills - place) / consoles), onEnd),
    );
    const [receipts, lastGateway] = await Promise.all([
      sendAll(world, { emails, turn, url: () => gateways.url(), hasLate: kills >= ENOUGH_KILLS }),
      killGateways(gateways, { first, kills: gatewayKills, onEnd: () => onEnd(undefined) }),
      ...places,
    ]);
    isOver.now = true;
    await Promise.all(around);
    await stack.control("DELETE", "/sandbox/faults");
    await restorePolicies(stack.teamsDir, stack.teams);
    await drain(world);
    await untilSettled(trail);
    const outbox = await outboxOf(stack);
    const withTrail = await compareWithTrail({ outbox, receipts }, trail);
    const { met, ...withDecisions } = await comparedInTheEnd(world, outbox);
    lastGateway.kill("SIGTERM");
    await lastGateway.ended;
    const told: Record<string, number> = {};
    for (const { told: one } of approvers.values())
      for (const { result } of one) told[result] = (told[result] ?? 0) + 1;
    return {
      ...{ kills: count, killsAt, emails, delivered: outbox.length, told, met },
      differences: {
        ...withTrail,
        ...withDecisions,
        unmet: count < ENOUGH_KILLS ? [] : unmetOf(killsAt, met),
        twice: [...withTrail.twice, ...withDecisions.twice],
        // Email that nobody approved waits, or was ended: only what left is compared.
        untrue: withTrail.untrue.filter((found) => !found.includes("never left")),
      },
    };
  } finally {
    isOver.now = true;
    await Promise.all([fleet.close(), gateways.close()]);
    await trail?.close();
    await stack.close();
  }
}

interface World {
  readonly stack: CrashStack;
  readonly trail: TrailStore;
  readonly approvers: ReadonlyMap<string, Approver>;
  readonly isOver: { now: boolean };
  /** Ids of email that somebody decided on at MultiMail itself. */
  readonly elsewhere: Set<string>;
  /** When email was changed at MultiMail, by id; epoch milliseconds. */
  readonly changed: Map<string, number>;
}

/** Compared as soon as nothing is wrong, or in the end: gateways learn within a while what happened at MultiMail. */
async function comparedInTheEnd(
  { stack, trail, approvers, elsewhere, changed }: World,
  outbox: readonly { readonly id: string }[],
): Promise<ComparedDecisions> {
  const deadline = Date.now() + DRAIN_MS;
  for (;;) {
    // Nobody decides on these: they wait on.
    const waiting = new Set(
      (await stack.lead.listPending()).filter((email) => !isStopped(email)).map(({ id }) => id),
    );
    const happened = {
      outbox: outbox.map(({ id }) => id),
      approvers,
      elsewhere,
      changed,
      waiting,
      needed: NEEDED,
    };
    const compared = await compareDecisions({ ...happened, late: LATE, stopped: CHANGED }, trail);
    if (compared.lost.length === 0 || Date.now() >= deadline) return compared;
    await sleep(2_000);
  }
}

/** What never happened, so that nothing is known of it. */
function unmetOf(killsAt: ApprovalCrashReport["killsAt"], met: Met): readonly string[] {
  const counts = Object.entries({ ...killsAt, ...met });
  return counts.filter(([, count]) => count === 0).map(([what]) => `${what} never happened`);
}

/** Somebody changes email at MultiMail while it waits: nobody may approve it then. */
async function alter({ stack, isOver, changed }: World, url: () => string | Promise<string>): Promise<void> {
  for (let n = 0; n < CHANGES && !isOver.now; n++) {
    await sleep(2_000);
    const body = {
      to: "person-1@acme.example",
      subject: `To change ${n}`,
      body: "As it was",
      idempotency_key: `change-${n}`,
    };
    const key = stack.keyOf(`${CHANGED}/bot`);
    // Once one was changed, its mailbox is stopped, for good: "later" would be asked for for ever.
    const isWanted = () => changed.size === 0 && !isOver.now;
    await sendCarefully({ key, path: "/v1/send", body }, url, isWanted).catch(onlyRefused);
    const pending = await stack.lead.listPending().catch(() => []);
    for (const { id, mailboxId } of pending) {
      if (mailboxId !== `mbx-${CHANGED}` || changed.has(id)) continue;
      await stack.control("POST", `/sandbox/emails/${id}`, { markdown: "As nobody authorised it" });
      changed.set(id, Date.now());
    }
  }
}

function approversOf(
  fleet: GatewayFleet,
  { program, env }: GatewayFleetOptions,
): ReadonlyMap<string, Approver> {
  const own = { ...env, CONSOLE_URL: "http://127.0.0.1:1" };
  return new Map(
    PEOPLE.map((address) => {
      const link = async () => (await run(process.execPath, [program, address], { env: own })).stdout.trim();
      return [address, new Approver({ address, url: () => fleet.url(), link })];
    }),
  );
}

/** People take what has waited longest, as do the others: they meet at the same email. */
async function decideAgainAndAgain(approver: Approver, { isOver }: World): Promise<void> {
  while (!isOver.now) {
    const pending = (await approver.pending()).slice(0, 4);
    const receipt = pending[Math.floor(Math.random() * pending.length)];
    const dice = Math.random();
    if (receipt !== undefined)
      await approver.decide(receipt, dice < 0.75 ? "approve" : dice < 0.9 ? "reject" : "changes");
    else await sleep(50);
  }
}

/** Approves what still waits, until nothing does. */
async function drain({ approvers, stack }: World): Promise<void> {
  const deadline = Date.now() + DRAIN_MS;
  while (Date.now() < deadline) {
    for (const approver of approvers.values())
      for (const receipt of await approver.pending()) await approver.decide(receipt, "approve");
    if ((await stack.lead.listPending()).every(isStopped)) return;
    await sleep(500);
  }
}

/** The email of a random receipt that was taken. */
async function someEmail({
  stack,
}: World): Promise<{ readonly id: string; readonly team: string } | undefined> {
  const pending = await stack.lead.listPending().catch(() => []);
  const one = pending[Math.floor(Math.random() * pending.length)];
  return one && { id: one.id, team: one.mailboxId.replace("mbx-", "") };
}

/** Assistants take email back. */
async function takeBack(world: World, url: () => string | Promise<string>): Promise<void> {
  while (!world.isOver.now) {
    await sleep(200 + Math.random() * 600);
    const email = await someEmail(world);
    if (email === undefined) continue;
    const path = `/v1/mailboxes/mbx-${email.team}/emails/${email.id}/cancel`;
    const headers = { Authorization: `Bearer ${world.stack.keyOf(`${email.team}/bot`)}` };
    await fetch(`${await url()}${path}`, {
      method: "POST",
      headers,
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
  }
}

/** Somebody decides in MultiMail's dashboard, where one person may. */
async function decideElsewhere(world: World): Promise<void> {
  while (!world.isOver.now) {
    await sleep(400 + Math.random() * 1_000);
    const email = await someEmail(world);
    if (email?.team !== "gated") continue;
    world.elsewhere.add(email.id);
    await world.stack.lead
      .decide(email.id, Math.random() < 0.5 ? "approve" : "reject")
      .catch(() => undefined);
  }
}

/** Policies change, people leave and come back, and MultiMail has its troubles. */
async function changeAgainAndAgain({ stack, isOver }: World): Promise<void> {
  for (let n = 0; !isOver.now; n++) {
    await sleep(100 + Math.random() * 300);
    if (n % 5 === 0) await changePolicies(stack.teamsDir, stack.teams, n / 5);
    const fault = CRASH_FAULTS[Math.floor(Math.random() * CRASH_FAULTS.length)];
    const match = DECIDES[Math.floor(n / 2) % DECIDES.length];
    const delay_ms = Math.floor(Math.random() * 800);
    // One at a time, and now and then none: else each decision meets one, and none is carried out at once.
    await stack.control("DELETE", "/sandbox/faults");
    if (n % 2 === 0) continue;
    await stack.control("POST", "/sandbox/faults", { fault, count: 1, delay_ms, ...(match && { match }) });
  }
}

/** What a fault hits: a decision, a look, a send. */
const DECIDES: readonly ({ readonly method: string; readonly path: string } | undefined)[] = [
  { method: "POST", path: "/oversight/decide" },
  { method: "GET", path: "/emails/" },
  undefined,
  { method: "POST", path: "/oversight/decide" },
  { method: "POST", path: "/cancel" },
];

interface Sending {
  readonly emails: number;
  readonly turn: (n: number) => Promise<void>;
  readonly url: () => string | Promise<string>;
  /** Some is of the team whose people never come: it takes a minute to expire. */
  readonly hasLate: boolean;
}

async function sendAll(
  { stack }: World,
  { emails, turn, url, hasLate }: Sending,
): Promise<readonly string[]> {
  const receipts: string[] = [];
  const sendOne = async (n: number) => {
    await turn(n);
    const team = hasLate && n % LATE_EVERY === 1 ? LATE : n % 3 === 0 ? "four" : "gated";
    const to = `person-${n % 20}@acme.example`;
    const body = { to, subject: `News for ${to}`, body: `This is email ${n}`, idempotency_key: `email-${n}` };
    const receipt = await sendCarefully(
      { key: stack.keyOf(`${team}/bot`), path: "/v1/send", body },
      url,
    ).catch(onlyRefused);
    // Somebody denied it in this moment.
    if (receipt !== undefined) receipts.push(receipt);
  };
  await inParallel(Array(emails).keys(), sendOne, { atOnce: 4 });
  return receipts;
}

/** Of the mailbox that is stopped once its email was changed: nobody can approve any of it. */
function isStopped({ mailboxId }: { readonly mailboxId: string }): boolean {
  return mailboxId === `mbx-${CHANGED}`;
}

function onlyRefused(error: unknown): undefined {
  if (!(error instanceof RefusedError)) throw error;
}

/** Ends one console after the other at one place. Resolves with the one that is left to live. */
async function killConsoles(
  fleet: GatewayFleet,
  kills: number,
  onEnd: (point: (typeof CONSOLE_POINTS)[number] | undefined) => void,
): Promise<GatewayLife> {
  for (let n = 0; n < kills; n++) {
    const plan = CYCLE[(n + kills) % CYCLE.length];
    const point = CONSOLE_POINTS.find((one) => one === plan);
    const life = await fleet.start(point === undefined ? "" : point);
    // It may come by its point at once, by what another left.
    const isServing = (await life.serving) !== undefined;
    if (!isServing && (point === undefined || (await life.ended) !== "SIGKILL"))
      throw new Error("A console ended before it served");
    const wait = point === undefined ? Math.random() * 1_500 : POINT_MS;
    const endsAtPoint = await Promise.race([life.ended.then(() => true), sleep(wait, false)]);
    life.kill("SIGKILL");
    if ((await life.ended) !== "SIGKILL") throw new Error("A console ended by itself");
    onEnd(endsAtPoint ? point : undefined);
  }
  const life = await fleet.start();
  if ((await life.serving) === undefined) throw new Error("The last console does not serve");
  return life;
}

interface GatewayKills {
  readonly first: GatewayLife;
  readonly kills: number;
  readonly onEnd: () => void;
}

async function killGateways(
  fleet: GatewayFleet,
  { first, kills, onEnd }: GatewayKills,
): Promise<GatewayLife> {
  let life = first;
  for (let n = 0; n < kills; n++) {
    await sleep(500 + Math.random() * 3_000);
    life.kill("SIGKILL");
    if ((await life.ended) !== "SIGKILL") throw new Error("The gateway ended by itself");
    onEnd();
    life = await fleet.start();
  }
  if ((await life.serving) === undefined) throw new Error("The last gateway does not serve");
  return life;
}

async function outboxOf({ control }: CrashStack) {
  type Outbox = Parameters<typeof compareWithTrail>[0]["outbox"];
  return ((await control("GET", "/sandbox/outbox")) as { readonly messages: Outbox }).messages;
}
