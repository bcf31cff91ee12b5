import type { TestContext } from "node:test";
import type { TrailRecord } from "@countersign/trail";
import { DustClient } from "./dust_client.ts";
import { SALES_MAILBOX, salesTeams } from "./sales_teams.ts";
import { type Stack, startStack } from "./start_stack.ts";

/** A gateway with Dust in front of it, and a sandbox behind. */
export interface DustStack {
  readonly stack: Stack;
  /** The gateway's address. */
  readonly url: string;
  /** Dust, with the key of "sales/bot". */
  readonly dust: DustClient;
  /** Delivers an email to the mailbox of team "sales", and gives its id. */
  receive(email: Readonly<Record<string, unknown>>): Promise<string>;
  /** How many emails of team "sales" MultiMail has taken. */
  taken(): Promise<number>;
  /** What calls left on the trail, in order. */
  intents(): Promise<readonly TrailRecord[]>;
}

/** Starts a gateway with the team "sales", changed, until the test ends. */
export async function startDust(
  t: TestContext,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<DustStack> {
  const stack = await startStack(t, salesTeams(changes));
  const { url } = stack.gateway;
  return {
    stack,
    url,
    dust: new DustClient(url, stack.keyOf("sales/bot"), { space: "Sales" }),
    receive: async (email) => {
      const body = { mailbox_id: SALES_MAILBOX, ...email };
      return ((await stack.control("POST", "/sandbox/inbound", body)) as { id: string }).id;
    },
    taken: async () => {
      const page = await stack.lead.listEmails(SALES_MAILBOX, { direction: "outbound", limit: 100 });
      return page.emails.length;
    },
    intents: async () => (await stack.records({ kind: "intent" })).map(({ record }) => record),
  };
}
