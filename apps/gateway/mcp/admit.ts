import { personKey } from "@countersign/core/decision";
import { defined } from "@countersign/core/optional";
import type { AssistantRef, PolicySet } from "@countersign/core/policy";
import type { Context } from "hono";
import { holderOf } from "../door/authenticate.ts";
import type { Refusals } from "../door/refusals.ts";
import type { Asker } from "../enforce/call.ts";
import { type Code, STATUS_OF_CODE } from "../enforce/code.ts";
import {
  challenge,
  type ProtectedResource,
  protectedResource,
  takesSignIn,
} from "../identity/protected_resource.ts";
import type { Identified, SignIn } from "../identity/sign_in.ts";
import { SignInUnavailableError } from "../identity/sign_in_unavailable_error.ts";

/** Who asks under these policies, or the answer that refuses them. */
export type Admit = (policies: PolicySet) => Asker | Response;

/** An assistant's own address, and what it takes to be let in there. */
export interface OwnAddress {
  readonly ref: AssistantRef;
  readonly signIn: SignIn;
  readonly refusals: Refusals;
  readonly policies: () => PolicySet;
  /** What everybody is told of an assistant that is not served there, whether there is one or not. */
  readonly notFound: () => Response;
}

/** Longer headers hold no token that is taken. */
const MAX_HEADER = 16 * 1024;

/**
 * Lets the person in whose token a request to an assistant's own address has. Where the assistant's key comes besides, in
 * `X-Countersign-Key`, it must be right too.
 */
export async function admitPerson(c: Context, at: OwnAddress): Promise<Admit> {
  const { ref, signIn, refusals } = at;
  const resource = protectedResource(signIn, ref);
  const key = c.req.header("x-countersign-key");
  const token = bearerToken(c.req.header("authorization"));
  const isAsked = token !== undefined && takesSignIn(at.policies(), ref);
  const identified = isAsked ? await identify(token, resource, signIn) : undefined;

  const refuse = (code: keyof typeof MESSAGES, counted: Code = code): Response => {
    refusals.add("mcp", counted);
    c.header("WWW-Authenticate", challenge(resource, signIn, code === "missing_token" ? undefined : code));
    return c.json(rpcError(MESSAGES[code]), STATUS_OF_CODE[code]);
  };
  return (policies) => {
    if (!takesSignIn(policies, ref)) return at.notFound();
    if (identified === undefined) return refuse("missing_token");
    if (identified instanceof SignInUnavailableError) {
      const { code, message, retryAfterMs } = identified;
      refusals.add("mcp", code);
      c.header("Retry-After", String(Math.ceil(retryAfterMs / 1_000)));
      return c.json(rpcError(message), STATUS_OF_CODE[code]);
    }
    const holder = key === undefined ? undefined : holderOf(key, policies);
    const isOther = holder?.team !== ref.team || holder.assistant !== ref.assistant;
    // Which of the two is wrong is nobody's business.
    if (key !== undefined && isOther) return refuse("invalid_token", "unknown_key");
    if (!identified.ok) return refuse(identified.code);
    return { caller: defined({ ...ref, key: holder?.key }), person: identified.person };
  };
}

async function identify(
  token: string,
  resource: ProtectedResource,
  signIn: SignIn,
): Promise<Identified | SignInUnavailableError> {
  try {
    return await signIn.identify(token, resource.url);
  } catch (error) {
    if (error instanceof SignInUnavailableError) return error;
    throw error;
  }
}

/** The token in an `Authorization: Bearer …` header (RFC 6750 section 2.1); elsewhere none is looked for. */
function bearerToken(header: string | undefined): string | undefined {
  return header !== undefined && header.length <= MAX_HEADER
    ? /^Bearer +([!-~]+)$/i.exec(header)?.[1]
    : undefined;
}

/** By what a caller's requests are counted: each person who uses an assistant by themselves, and the assistant's key. */
export function shareOf({ caller, person }: Asker): string {
  const { team, assistant } = caller;
  return `${team}/${assistant}${person === undefined ? "" : ` ${personKey(person)}`}`;
}

const MESSAGES = {
  missing_token:
    "Sign in: this address wants the access token of the person who asks, as: Authorization: Bearer …",
  invalid_token: "This access token is not valid here; sign in again",
  insufficient_scope: "This access token does not have the scope that this address wants",
} as const;

/** An error of JSON-RPC that answers no request in particular. */
export function rpcError(message: string): {
  readonly jsonrpc: "2.0";
  readonly error: { readonly code: number; readonly message: string };
  readonly id: null;
} {
  return { jsonrpc: "2.0", error: { code: -32_000, message }, id: null };
}
