import { hash } from "node:crypto";
import { type DueNotice, dueNotice, type NoticedEmail } from "@countersign/core/approval";
import type { NotifyChannel, PolicySet, TeamPolicy } from "@countersign/core/policy";
import { type Environment, inParallel, notifyTarget } from "@countersign/host";
import {
  Background,
  type ChannelHealth,
  carryOutNotice,
  type Delivery,
  NoticeLedger,
  type NoticeMessage,
  type OpenNotice,
  STALE_MS,
  type WaitingFact,
} from "@countersign/lifecycle";
import { MOST_NOTICED, noticeEntry, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import { ulid } from "ulid";
import type { IncomingMail } from "../waiting/incoming_mail.ts";
import type { WaitingEmail, WaitingEmails } from "../waiting/waiting_emails.ts";
import { postNotice } from "./post_notice.ts";
import { ReceivedEmail } from "./received_email.ts";

/** How often it is looked for what people are to be told of. */
const PASS_MS = 5_000;

/** How often MultiMail is asked for received email that waits. */
const LOOK_MS = 60_000;

/** While there is more to tell: a channel of a chat takes about one message a second. */
const SOON_MS = 1_100;

/** So long after a notice was asked for, in milliseconds, none is for the same team and channel: by then all have read it. */
const ALONE_MS = 5_000;

/** How many channels are posted to at once: one that hangs holds few others up. */
const AT_ONCE = 8;

/** What people are told with. */
export interface NoticesOptions {
  readonly trail: TrailStore;
  readonly waiting: Pick<WaitingEmails, "list" | "get" | "follow">;
  readonly incoming: Pick<IncomingMail, "list">;
  /** The policies in force at this moment. */
  readonly policies: () => PolicySet;
  /** Looks up what channels name. */
  readonly env: Environment;
  /** How people reach the console, without a slash at its end. */
  readonly consoleUrl: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Whether a channel may be `http` on this machine. @default false */
  readonly allowLoopback?: boolean;
  /** For a whole request, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/** A channel of the organisation's, and how it does. */
export interface ChannelState {
  readonly name: string;
  readonly channel: NotifyChannel;
  /** The teams that name it. */
  readonly teams: readonly string[];
  /** What is wrong with its variables, here; absent: nothing, or it is the gateway's to say. */
  readonly problem?: string;
  readonly health: ChannelHealth;
}

/**
 * Tells people that email waits: asks for notices when they are due, and posts those of chats and webhooks. Those by email the
 * gateway sends, which has the key to. Several consoles on one trail send each notice once.
 */
export class Notices {
  readonly #options: NoticesOptions;
  readonly #passes: Background;
  readonly #received: ReceivedEmail;
  /** By themselves: MultiMail may take its time, and what is on record needs no answer of it. */
  readonly #looks: Background;
  #ledger: NoticeLedger | undefined;
  #isMore = false;
  /** What was logged of channels that cannot be used. */
  #told = "";

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#received = new ReceivedEmail(options);
    this.#looks = new Background({
      pass: (signal) => this.look(signal),
      nextMs: () => LOOK_MS,
      failure: "Cannot look which received email waits; it is tried again",
      log: options.log,
    });
    this.#passes = new Background({
      pass: (signal) => this.pass(signal),
      nextMs: () => (this.#isMore ? SOON_MS : PASS_MS),
      failure: "Cannot tell people that email waits; it is tried again",
      log: options.log,
    });
  }

  start(): void {
    this.#looks.within(0);
    this.#passes.within(0);
  }

  /** Resolves when the notices under way are sent, or left. */
  async stop(): Promise<void> {
    await Promise.all([this.#looks.stop(), this.#passes.stop()]);
  }

  /** Asks MultiMail which received email waits, for the teams that are told of it. */
  async look(signal?: AbortSignal): Promise<void> {
    if ((this.#options.policies().organisation?.channels.size ?? 0) > 0) await this.#received.look(signal);
  }

  /** The organisation's channels, by name, as the trail and this console's variables know them. */
  channels(): readonly ChannelState[] {
    const { policies } = this.#options;
    const { teams, organisation } = policies();
    return [...(organisation?.channels ?? [])]
      .map(([name, channel]) => {
        const problem = this.#problemOf(channel);
        return {
          ...{ name, channel, health: this.#ledger?.healthOf(name) ?? {} },
          teams: [...teams.values()].filter((team) => namesOf(team).includes(name)).map(({ team }) => team),
          ...(problem !== undefined && { problem }),
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Asks for what is due, and sends what is asked for.
   *
   * @throws {TrailUnavailableError}
   */
  async pass(signal?: AbortSignal): Promise<void> {
    this.#isMore = false;
    const { policies, waiting } = this.#options;
    if ((policies().organisation?.channels.size ?? 0) === 0) return;
    this.#logProblems();
    await waiting.follow();
    const byTeam = this.#waitingByTeam();
    const ledger = this.#ledger ?? (await this.#openLedger(byTeam));
    this.#ledger = ledger;
    await ledger.follow();
    ledger.keepOnly((receipt) => waiting.get(receipt) !== undefined || this.#received.has(receipt));
    await this.#askForDue(byTeam, ledger);
    if (signal?.aborted) return;
    await this.#carryOut(ledger, signal);
    await ledger.follow();
  }

  /** Of whatever waits it must know who was told. */
  async #openLedger(byTeam: ReadonlyMap<string, readonly WaitingFact[]>): Promise<NoticeLedger> {
    const { trail, clock, policies } = this.#options;
    await this.look();
    const received = [...policies().teams.keys()].flatMap((team) => this.#received.of(team));
    const emails = [...[...byTeam.values()].flat(), ...received];
    const since = emails.reduce((oldest, { heldAt }) => Math.min(oldest, heldAt), clock() - STALE_MS);
    return new NoticeLedger({ trail, since, clock });
  }

  /** What waits for people, by team. */
  #waitingByTeam(): ReadonlyMap<string, readonly WaitingEmail[]> {
    const { waiting, policies } = this.#options;
    const { teams } = policies();
    const byTeam = new Map<string, WaitingEmail[]>();
    for (const email of waiting.list((team) => teams.get(team)?.notify !== undefined)) {
      if (isDecided(email)) continue;
      const known = byTeam.get(email.team);
      if (known === undefined) byTeam.set(email.team, [email]);
      else known.push(email);
    }
    return byTeam;
  }

  async #askForDue(byTeam: ReadonlyMap<string, readonly WaitingFact[]>, ledger: NoticeLedger): Promise<void> {
    const { policies } = this.#options;
    const { teams, organisation } = policies();
    const open = new Set(ledger.open().map(({ team, channel }) => `${channel} ${team}`));
    let isNew = false;
    for (const policy of teams.values()) {
      if (policy.notify === undefined) continue;
      const { team } = policy;
      for (const [emails, isReceived] of [
        [byTeam.get(team) ?? [], false],
        [this.#received.of(team), true],
      ] as const) {
        if (emails.length === 0) continue;
        for (const name of namesOf(policy)) {
          const channel = organisation?.channels.get(name);
          if (channel === undefined || this.#problemOf(channel) !== undefined) continue;
          if (open.has(`${name} ${team}`) || !ledger.mayUse(name)) continue;
          if (!(await this.#ask(policy, { name, channel }, { emails, isReceived, ledger }))) continue;
          isNew = true;
          open.add(`${name} ${team}`);
        }
      }
    }
    if (isNew) await ledger.follow();
  }

  /** Asks for the notice that is due, if one is and no other console has asked for it. */
  async #ask(
    policy: TeamPolicy,
    { name, channel }: { readonly name: string; readonly channel: NotifyChannel },
    {
      emails,
      isReceived,
      ledger,
    }: {
      readonly emails: readonly WaitingFact[];
      readonly isReceived: boolean;
      readonly ledger: NoticeLedger;
    },
  ): Promise<boolean> {
    const { trail, clock, policies, consoleUrl } = this.#options;
    const { team } = policy;
    const noticed = emails.map(({ receipt, heldAt, assistant }) => ({
      ...{ receipt, heldAt, assistant },
      ...ledger.toldOf(receipt, name),
    }));
    const now = clock();
    const lastTold = ledger.lastTold({ team, channel: name, isReceived });
    const due = dueNotice(isReceived ? withoutEnd(policy) : policy.approval, noticed, {
      now,
      over: channel.kind === "email" ? "email" : "chat",
      ...(lastTold !== undefined && { lastTold }),
    });
    if (due === undefined) return false;
    const about = due.emails.slice(0, MOST_NOTICED);
    const [first] = about;
    const isAlone = about.every(({ assistant }) => assistant === first?.assistant);
    const entry = noticeEntry(
      {
        ...{ result: "asked", channel: name, over: channel.kind, about: due.about, attempt: 0 },
        ...{ emails: about.length, receipts: about.map(({ receipt }) => receipt) },
        link: `${consoleUrl}/${isReceived ? "incoming" : "queue"}?team=${encodeURIComponent(team)}`,
      },
      {
        ...{ at: now, team, receipt: `ntc_${ulid(now)}`, policy: policies().hash },
        assistant: isAlone ? (first?.assistant ?? null) : null,
      },
    );
    const { gaveUpAt = 0 } = ledger.healthOf(name);
    const key = `notice:${hash("sha256", JSON.stringify([name, team, ...sameFor(due), gaveUpAt]))}`;
    const fingerprint = entry.receipt ?? "";
    const claims = [
      { key, fingerprint, expiresAt: now + STALE_MS },
      // Another console may not have read yet that something was told, and find something else to be due.
      { key: `notice:${name} ${team}`, fingerprint, expiresAt: now + ALONE_MS },
    ];
    return (await trail.tryAppend({ ...entry, claims })).ok;
  }

  /** One notice a channel, of those that are due: a chat takes no more at once. */
  async #carryOut(ledger: NoticeLedger, signal: AbortSignal | undefined): Promise<void> {
    const now = this.#options.clock();
    const next = new Map<string, OpenNotice>();
    for (const notice of ledger.open()) {
      if (notice.over === "email" || notice.dueAt > now || !ledger.mayUse(notice.channel, notice.id))
        continue;
      if (this.#targetOf(notice.channel)?.ok === false) continue;
      if (next.has(notice.channel)) this.#isMore = true;
      else next.set(notice.channel, notice);
    }
    await inParallel(next.values(), (notice) => this.#carryOutOne(notice), {
      atOnce: AT_ONCE,
      isOver: () => signal?.aborted === true,
    });
  }

  async #carryOutOne(notice: OpenNotice): Promise<void> {
    const { trail, policies, clock, log } = this.#options;
    await carryOutNotice(notice, {
      ...{ trail, clock, log, policy: () => policies().hash },
      stillWaiting: (receipts) => this.#stillWaiting(receipts, notice),
      deliver: (message, { channel }) => this.#deliver(message, channel),
    });
  }

  async #stillWaiting(
    receipts: readonly string[],
    { team, isReceived }: OpenNotice,
  ): Promise<readonly WaitingFact[]> {
    if (isReceived)
      return (await this.#received.now(team)).filter(({ receipt }) => receipts.includes(receipt));
    const { waiting } = this.#options;
    await waiting.follow();
    return receipts.flatMap((receipt) => {
      const email = waiting.get(receipt);
      return email === undefined || isDecided(email) ? [] : [email];
    });
  }

  async #deliver(message: NoticeMessage, name: string): Promise<Delivery> {
    const { policies, timeoutMs } = this.#options;
    const channel = policies().organisation?.channels.get(name);
    const opened = this.#targetOf(name);
    if (channel === undefined || channel.kind === "email" || !opened?.ok)
      return { ok: false, code: "no_channel", mayRetry: false };
    const { target } = opened;
    return postNotice(message, {
      ...{ kind: channel.kind, target },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  #targetOf(name: string) {
    const { policies, env, allowLoopback = false } = this.#options;
    const channel = policies().organisation?.channels.get(name);
    return channel === undefined || channel.kind === "email"
      ? undefined
      : notifyTarget(channel, env, { allowLoopback });
  }

  #problemOf(channel: NotifyChannel): string | undefined {
    const { env, allowLoopback = false } = this.#options;
    if (channel.kind === "email") return undefined;
    const opened = notifyTarget(channel, env, { allowLoopback });
    return opened.ok ? undefined : opened.problem;
  }

  /** Once each, until something else is wrong. */
  #logProblems(): void {
    const problems = this.channels().flatMap(({ name, problem }) =>
      problem === undefined ? [] : [{ channel: name, problem }],
    );
    const told = JSON.stringify(problems);
    if (told === this.#told) return;
    this.#told = told;
    for (const problem of problems)
      this.#options.log.warn(problem, "Nobody is told by this channel that email waits");
  }
}

/** Enough people approved, and it is only kept until the hours open or MultiMail answers. */
function isDecided({ decided }: WaitingEmail): boolean {
  return decided !== undefined;
}

/** Received email never expires. */
function withoutEnd({ approval: { expires: _, ...approval } }: TeamPolicy): TeamPolicy["approval"] {
  return approval;
}

function namesOf({ notify = [] }: TeamPolicy): readonly string[] {
  return notify.map(({ value }) => value);
}

/** What two consoles have in common that find the same to be due, whatever else they know of. */
function sameFor({ about, emails }: DueNotice): readonly unknown[] {
  const last = ({ told, reminded = told, escalated }: NoticedEmail) => [reminded ?? 0, escalated ?? 0];
  const first = emails[0];
  return first === undefined ? [] : [about, first.receipt, ...last(first)];
}
