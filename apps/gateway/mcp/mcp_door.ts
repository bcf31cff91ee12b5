import { type InvalidAction, invalid, invalidJson } from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import type { AssistantRef } from "@countersign/core/policy";
import { createMcpHandler, validateHostHeader, validateOriginHeader } from "@modelcontextprotocol/server";
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Admission, BusyError, maxBodyBytes, type Ticket } from "../door/admission.ts";
import { authenticate } from "../door/authenticate.ts";
import { readBody } from "../door/read_body.ts";
import type { Refusals } from "../door/refusals.ts";
import type { Asker } from "../enforce/call.ts";
import { STATUS_OF_CODE } from "../enforce/code.ts";
import type { World } from "../enforce/world.ts";
import { protectedResource, resourceMetadata, takesSignIn } from "../identity/protected_resource.ts";
import type { SignIn } from "../identity/sign_in.ts";
import { type Admit, admitPerson, rpcError, shareOf } from "./admit.ts";
import { type AnswerType, answerAs, answerLater, answerType, answerWith } from "./answer_type.ts";
import { KeptServer, plainCall } from "./kept_server.ts";
import { type McpCaller, mcpServer } from "./mcp_server.ts";
import { recordInvalid } from "./record_invalid.ts";

/** What the MCP door needs besides the world behind it. */
export interface McpDoorOptions {
  readonly refusals: Refusals;
  readonly admission: Admission;
  /** Names by which the gateway may be called: requests that a browser was tricked into name another. See `allowedHosts`. */
  readonly hosts: readonly string[];
  /** Tells who the people behind assistants are; absent: nobody signs in. */
  readonly signIn?: SignIn;
}

/** Where clients look for a sign-in after a 401. The gateway has none of its own: they must learn that at once, in JSON. */
const SIGN_IN_PATHS = [
  "/.well-known/oauth-protected-resource",
  "/.well-known/oauth-protected-resource/*",
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-authorization-server/*",
  "/.well-known/openid-configuration",
  "/.well-known/openid-configuration/*",
  "/mcp/.well-known/*",
  "/register",
];

const PATHS = ["/mcp", "/mcp/"];

/** Where an assistant's own address is described. */
const METADATA = "/.well-known/oauth-protected-resource";

/**
 * An assistant's own address, for people who sign in, and the part of it in that of its description. Parameters in routes would
 * cost every request to /mcp Hono's fast router.
 */
const OWN_PATH = /\/mcp\/([^/]+)\/([^/]+)\/?$/;

/** More calls in one JSON-RPC batch (protocol 2025-03-26 has them) than any client makes. */
const MAX_BATCH = 50;

/**
 * The MCP door, which Dust uses: `POST /mcp`. Stateless, the same keys as the REST door. Where people sign in, some assistants
 * have an address of their own besides.
 */
export function mcpDoor(world: World, options: McpDoorOptions): Hono {
  const { refusals, admission, hosts, signIn } = options;
  const kept = new KeptServer(mcpServer(world));
  const handler = createMcpHandler(() => mcpServer(world), {
    onerror: (error) => world.log.debug({ err: error }, "An MCP request was refused"),
  });
  const names = [...hosts];
  const door = new Hono();
  if (signIn !== undefined) {
    door.get(`${METADATA}/*`, (c) => {
      const ref = refIn(c.req.path, METADATA);
      if (ref === undefined || !takesSignIn(world.policies(), ref)) return notFound(c);
      return c.json(resourceMetadata(protectedResource(signIn, ref), signIn));
    });
  }
  for (const path of SIGN_IN_PATHS) door.all(path, notFound);

  door.on("POST", PATHS, (c) => strangeOrigin(c) ?? enter(c, byKey(c)));
  for (const path of PATHS) door.all(path, wrongMethod);
  door.all("/mcp/*", async (c, next) => {
    const ref = refIn(c.req.path);
    if (ref === undefined) return next();
    if (signIn === undefined) return notFound(c);
    if (c.req.method !== "POST") return takesSignIn(world.policies(), ref) ? wrongMethod(c) : notFound(c);
    const strange = strangeOrigin(c);
    if (strange !== undefined) return strange;
    const policies = () => world.policies();
    return enter(c, await admitPerson(c, { signIn, refusals, policies, ref, notFound: () => notFound(c) }));
  });
  door.onError((error, c) => {
    world.log.error({ err: error }, "Cannot answer an MCP request");
    return c.json(rpcError("The gateway failed; ask email_status before you try again"), 500);
  });
  return door;

  /** Refuses what somebody's browser was tricked into; undefined: it may come in. */
  function strangeOrigin(c: Context): Response | undefined {
    if (!validateHostHeader(c.req.header("host"), names).ok) {
      return c.json(rpcError("This host name is not the gateway's: PUBLIC_URL says how it is reached"), 403);
    }
    if (!validateOriginHeader(c.req.header("origin"), names).ok) {
      return c.json(rpcError("Web pages of other origins may not call the gateway"), 403);
    }
    return undefined;
  }

  function byKey(c: Context): Admit {
    return (policies) => {
      const found = authenticate(c.req.header("authorization"), policies);
      if (found.ok) return { caller: found.caller };
      refusals.add("mcp", found.code);
      c.header("WWW-Authenticate", "Bearer");
      return c.json(rpcError(found.message), 401);
    };
  }

  async function enter(c: Context, admit: Admit): Promise<Response> {
    const policies = world.policies();
    const asker = admit(policies);
    if (asker instanceof Response) return asker;
    const taken = answerType(c.req.header("accept"));
    if (taken === undefined) {
      return c.json(
        rpcError("Accept application/json or text/event-stream: there are no other answers"),
        406,
      );
    }
    let ticket: Ticket | undefined;
    try {
      ticket = await admission.enter(shareOf(asker));
      const max = maxBodyBytes(policies, asker.caller);
      const recheck = () => admit(world.policies());
      return await serve(c, { asker, ticket, taken, max, recheck });
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
      refusals.add("mcp", error.code, asker.caller);
      c.header("Retry-After", String(Math.ceil(error.retryAfterMs / 1_000)));
      return c.json(rpcError(error.message), STATUS_OF_CODE[error.code]);
    } finally {
      ticket?.leave();
    }
  }

  async function serve(c: Context, { asker, ticket, taken, max, recheck }: Served): Promise<Response> {
    const { caller } = asker;
    const read = await readBody(c.req.raw, {
      max,
      take: (count) => ticket.takeBytes(count),
    });
    const body = read.ok && Array.isArray(read.value) && read.value.length > MAX_BATCH ? TOO_MANY : read;
    if (!body.ok) {
      ticket.charge();
      await recordInvalid(invalid(body.code, "POST /mcp", body.message), asker, world);
      if (body.code === "request_timeout") c.header("Connection", "close");
      return c.json(rpcError(body.message), STATUS_OF_CODE[body.code] as ContentfulStatusCode);
    }
    const messages: readonly unknown[] = Array.isArray(body.value) ? body.value : [body.value];
    const busy = charge(ticket, messages);
    if (busy === undefined) {
      for (const call of malformedCalls(messages)) await recordInvalid(call, asker, world);
    }
    const { problems } = body;
    if (problems.some(({ field }) => !field.startsWith(ARGUMENTS))) {
      const [{ field = "", message = "" } = {}] = problems;
      if (busy !== undefined) throw busy;
      await recordInvalid(invalidJson("POST /mcp", problems), asker, world);
      return c.json(rpcError(`${field}: ${message}`), 400);
    }
    if (busy !== undefined) refusals.add("mcp", busy.code, caller);
    const wrong = problems.map((problem) => ({ ...problem, field: problem.field.slice(ARGUMENTS.length) }));
    // The key may have been revoked while the body was on its way: then not even a tool's description is shown.
    const still = recheck();
    if (still instanceof Response) return still;
    // The key or token itself goes no further than this door.
    const call = await plainCall(c.req.raw, body.value);
    const extra: McpCaller = defined({ ...asker, id: call?.id, wrong, ticket, busy });
    const authInfo = { token: "", clientId: caller.assistant, scopes: [], extra: { ...extra } };
    if (call !== undefined) {
      const answer = kept.answer(call, authInfo);
      const soon = taken === "json" ? await answer : await within(SOON_MS, answer);
      return soon === undefined ? answerLater(answer) : answerWith(taken, soon);
    }
    const { headers } = c.req.raw;
    // It says what was agreed on; on the call that agrees there is nothing yet, and the body says what is wanted.
    if (messages.some((message) => methodOf(message) === "initialize"))
      headers.delete("mcp-protocol-version");
    headers.set("accept", "application/json, text/event-stream");
    const response = await handler.fetch(c.req.raw, { parsedBody: body.value, authInfo });
    // Whether a connection is kept is the server's to say.
    response.headers.delete("connection");
    return answerAs(taken, response, { isBatch: Array.isArray(body.value) });
  }
}

/** What takes longer is answered as a stream. */
const SOON_MS = 1_000;

/** Undefined: it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a request is served with. */
interface Served {
  readonly asker: Asker;
  readonly ticket: Ticket;
  readonly taken: AnswerType;
  /** Bytes of its body. */
  readonly max: number;
  /** Who asks by what is in force now. */
  readonly recheck: () => Asker | Response;
}

/** Every connection of Dust's begins with these, and they cost next to nothing. */
const HANDSHAKE = /^(?:initialize|ping|server\/discover|notifications\/.*)$/;

/** What they count against a caller's requests a minute. */
const HANDSHAKE_COST = 0.2;

/**
 * Charges what a body asks for. When that is too much, calls of tools learn it as their result, which is all that a model
 * sees; others by the status.
 */
function charge(ticket: Ticket, messages: readonly unknown[]): BusyError | undefined {
  const costs = messages.map((message) => (HANDSHAKE.test(methodOf(message) ?? "") ? HANDSHAKE_COST : 1));
  try {
    ticket.charge(costs.reduce((sum, cost) => sum + cost, 0));
    return undefined;
  } catch (error) {
    const areCalls = messages.length > 0 && messages.every((message) => methodOf(message) === "tools/call");
    if (areCalls && error instanceof BusyError) return error;
    throw error;
  }
}

/** Where a call's own arguments are: what is wrong with one is the tool's to answer. */
const ARGUMENTS = "params.arguments.";

const TOO_MANY = {
  ok: false,
  code: "invalid_request",
  message: `A batch may hold ${MAX_BATCH} requests at most`,
} as const;

const NO_SIGN_IN = {
  error: "not_found",
  error_description: "There is no sign-in here: give the assistant's key (csk_…) as the bearer token",
};

/** The assistant in the path of its own address, as it is written; undefined: it is another path. */
function refIn(path: string, before: string = ""): AssistantRef | undefined {
  const found = OWN_PATH.exec(path);
  const [, team, assistant] = found ?? [];
  return found?.index === before.length && team !== undefined && assistant !== undefined
    ? { team, assistant }
    : undefined;
}

function notFound(c: Context): Response {
  return c.json(NO_SIGN_IN, 404);
}

function wrongMethod(c: Context): Response {
  c.header("Allow", "POST");
  return c.json(rpcError("Use POST: this endpoint keeps no sessions and opens no streams"), 405);
}

function methodOf(message: unknown): string | undefined {
  return isObject(message) && typeof message.method === "string" ? message.method : undefined;
}

/** The tool calls among messages that name no tool or no arguments: the SDK answers them, and nobody else sees them. */
function malformedCalls(messages: readonly unknown[]): readonly InvalidAction[] {
  return messages
    .filter((message) => methodOf(message) === "tools/call" && !isWellFormed(message))
    .map(() =>
      invalid("invalid_request", "tools/call", "A call needs a tool's name and an object of arguments"),
    );
}

function isWellFormed(call: unknown): boolean {
  const params = isObject(call) ? call.params : undefined;
  if (!isObject(params) || typeof params.name !== "string") return false;
  return params.arguments === undefined || isObject(params.arguments);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
