import { sign } from "node:crypto";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { Inspector } from "@countersign/documents";
import type { Environment } from "@countersign/host";
import { LiveMailboxes } from "@countersign/lifecycle";
import { MultiMailClient } from "@countersign/multimail";
import { keyLabel, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import { MailboxStops } from "../mailboxes/mailbox_stops.ts";
import { OversightClients } from "../oversight/oversight_clients.ts";
import type { ConsoleKey } from "../store/console_key.ts";
import { IncomingMail } from "../waiting/incoming_mail.ts";
import { WaitingEmails } from "../waiting/waiting_emails.ts";
import type { CarryOutWorld } from "./carry_out.ts";
import type { DecideWorld } from "./decide_email.ts";
import { DecisionFinisher } from "./decision_finisher.ts";
import { IncomingFinisher } from "./incoming_finisher.ts";

/** What deciding is opened with. */
export interface OpenDecidingOptions {
  readonly multimailApiUrl: string;
  /** Looks up oversight keys by their variables. */
  readonly env: Environment;
  readonly policies: () => PolicySet;
  readonly trail: TrailStore;
  readonly signingKey: ConsoleKey;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  /** Links stand for people. */
  readonly demo?: boolean;
  readonly failPoint?: NonNullable<CarryOutWorld["failPoint"]>;
}

/** What pages show and decide email with. */
export interface Deciding {
  readonly world: DecideWorld;
  readonly waiting: WaitingEmails;
  readonly incoming: IncomingMail;
  readonly oversight: OversightClients;
  readonly finisher: DecisionFinisher;
  readonly incomingFinisher: IncomingFinisher;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
}

/**
 * Reads what waits, and begins to carry out what was decided and left.
 *
 * @throws {TrailUnavailableError}
 */
export async function openDeciding(options: OpenDecidingOptions): Promise<Deciding> {
  const { multimailApiUrl: baseUrl, env, policies, trail, signingKey, clock, log, demo, failPoint } = options;
  const oversight = new OversightClients({
    env,
    openClient: (apiKey) => new MultiMailClient({ baseUrl, apiKey }),
  });
  const clientFor = (policy: TeamPolicy) => oversight.clientFor(policy);
  const live = new LiveMailboxes({ clientFor: (policy) => oversight.sureClientFor(policy), clock, log });
  const stops = new MailboxStops(trail);
  const inspector = new Inspector();
  const keys = [signingKey.verifier];
  const waiting = new WaitingEmails({ trail, keys, log });
  const world: DecideWorld = {
    trail,
    clock,
    policies,
    clientFor,
    live: {
      get: async (policy) => {
        await stops.follow();
        return live.get(policy);
      },
    },
    stopOf: (mailboxId) => stops.stopOf(mailboxId),
    inspector,
    keys,
    signer: {
      key: keyLabel(signingKey.verifier),
      sign: (text) => sign(null, Buffer.from(text), signingKey.key),
    },
    log,
    ...(demo && { demo }),
    ...(failPoint && { failPoint }),
  };
  const finisher = new DecisionFinisher({ world, waiting });
  await waiting.start();
  finisher.start();
  const incoming = new IncomingMail({ clientFor, clock, log });
  const incomingFinisher = new IncomingFinisher(world);
  incomingFinisher.start();
  const close = async () => {
    await Promise.all([finisher.stop(), incomingFinisher.stop()]);
    await waiting.stop();
    await Promise.all([inspector.close(), oversight.close()]);
  };
  return { world, waiting, incoming, oversight, finisher, incomingFinisher, close };
}
