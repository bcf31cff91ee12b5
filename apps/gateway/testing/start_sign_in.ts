import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { startIssuer, type TestIssuer, type TestIssuerOptions } from "./start_issuer.ts";
import { type Stack, type StackOptions, startStack } from "./start_stack.ts";

/** A gateway at which people sign in, and the issuer that they sign in with. */
export interface SignInStack {
  readonly stack: Stack;
  readonly issuer: TestIssuer;
  /** The address of an assistant: `sales/bot`. */
  urlOf(assistant: string): string;
}

/** People of the issuer's, by the name with which they sign in. */
export const PEOPLE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ann: { email: "ann@acme.example", email_verified: true, groups: ["sales"] },
  bob: { email: "bob@acme.example", email_verified: true, groups: ["legal"] },
  eve: { email: "eve@evil.example", email_verified: true },
  mallory: { email: "ann@acme.example", email_verified: false },
};

/**
 * Assistants of team "sales": "bot" for everybody at Acme, without a key; "keyed", whose key must come besides; "grouped" for
 * the group "sales"; "plain", which is nobody's in particular.
 */
export const SIGN_IN_TEAMS: TeamTexts = {
  "sales.yaml": `
team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: gated_send
approvers: [lead@acme.example]
recipients: { internal: [acme.example], skip_approval: ["*@acme.example"] }
assistants:
  - { id: bot, keys: ["KEY"], users: { sign_in: required, allow: ["*@acme.example"], with_key: false } }
  - { id: keyed, keys: ["KEY"], users: { sign_in: required, allow: ["*@acme.example"] } }
  - { id: grouped, keys: ["KEY"], users: { sign_in: required, claims: [sales], with_key: false } }
  - { id: plain, keys: ["KEY"] }
`,
};

/** Starts both until the test ends. */
export async function startSignIn(
  t: TestContext,
  issuerOptions: TestIssuerOptions = {},
  { variables = {}, ...options }: StackOptions = {},
): Promise<SignInStack> {
  const issuer = await startIssuer(t, { people: PEOPLE, ...issuerOptions });
  // What tokens are for must be known before the gateway listens.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const given = {
    PORT: `${port}`,
    PUBLIC_URL: url,
    OAUTH_ISSUER: issuer.url,
    OAUTH_GROUPS_CLAIM: "groups",
    ...variables,
  };
  const stack = await startStack(t, SIGN_IN_TEAMS, {}, { ...options, variables: given });
  return { stack, issuer, urlOf: (assistant) => `${url}/mcp/${assistant}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
