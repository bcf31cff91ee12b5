import { invalid, type JsonProblem } from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { VERSION } from "@countersign/host";
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type Tool,
} from "@modelcontextprotocol/server";
import { BusyError, type Ticket } from "../door/admission.ts";
import type { Caller } from "../enforce/call.ts";
import type { World } from "../enforce/world.ts";
import { callTool } from "./call_tool.ts";
import { describeTool } from "./describe_tool.ts";
import { recordInvalid } from "./record_invalid.ts";
import { oneLine } from "./text/one_line.ts";
import { TOOLS } from "./tools.ts";

/** Who makes a request. */
export interface McpCaller {
  readonly caller: Caller;
  /** What is in the call's arguments and cannot be taken as it was written. */
  readonly wrong: readonly JsonProblem[];
  readonly ticket: Ticket;
  /** Why its calls are not taken now. */
  readonly busy?: BusyError;
}

/**
 * Lists that some clients ask for although the server does not claim to have such things, and give up without. They are
 * empty.
 */
const EMPTY_LISTS: Readonly<Record<string, Result>> = {
  "resources/list": { resources: [] },
  "resources/templates/list": { resourceTemplates: [] },
  "prompts/list": { prompts: [] },
  "completion/complete": { completion: { values: [], total: 0, hasMore: false } },
  "logging/setLevel": {},
};

/**
 * A server for one request of one assistant. The SDK's lower interface is used on purpose: arguments are judged here, so
 * that a call with wrong ones is on record too.
 */
export function mcpServer(world: World, { caller, wrong, ticket, busy }: McpCaller): Server {
  const server = new Server(
    { name: "countersign", title: "Countersign email", version: VERSION },
    {
      capabilities: { tools: {} },
      // Descriptions are the caller's own, and follow the policy in force.
      cacheHints: { "tools/list": { ttlMs: 0, cacheScope: "private" } },
    },
  );
  server.setRequestHandler("tools/list", () => ({ tools: listTools(world, caller) }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }): Promise<CallToolResult> => {
    if (busy !== undefined) return refused(busy);
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const name = oneLine(params.name, 100);
      await recordInvalid(invalid("invalid_request", `tool ${name}`, "Unknown tool"), caller, world);
      const known = TOOLS.map((tool) => tool.name).join(", ");
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool "${name}": there are ${known}`);
    }
    const attempt = attemptOf(mcpReq._meta?.progressToken, mcpReq.id);
    // The client may hang up: what was asked for goes on, and counts.
    ticket.hold();
    try {
      const { text, isError } = await callTool(
        tool,
        params.arguments ?? {},
        defined({ caller, wrong, ticket, attempt }),
        world,
      );
      return { content: [{ type: "text", text }], isError };
    } catch (error) {
      if (error instanceof BusyError) return refused(error);
      world.log.error({ err: error, tool: tool.name }, "Cannot answer a tool call");
      const text = "FAILED (internal_error): the gateway failed. Ask email_status before you try again.";
      return { content: [{ type: "text", text }], isError: true };
    } finally {
      ticket.leave();
    }
  });
  server.fallbackRequestHandler = async ({ method }) => {
    const empty = Object.hasOwn(EMPTY_LISTS, method) ? EMPTY_LISTS[method] : undefined;
    if (empty === undefined) throw new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found");
    return empty;
  };
  return server;
}

function refused({ code, message, retryAfterMs }: BusyError): CallToolResult {
  const text = `FAILED (${code}): ${message}. Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  return { content: [{ type: "text", text }], isError: true };
}

function listTools(world: World, { team, assistant: id }: Caller): Tool[] {
  const policy = world.policies().teams.get(team);
  const assistant = policy?.assistants.get(id);
  return TOOLS.map((tool) => ({
    name: tool.name,
    title: tool.title,
    // Between the key's check and now the policies may have changed; the list stays.
    description: policy && assistant ? describeTool(tool, policy, assistant) : `NOT ALLOWED: ${tool.title}`,
    inputSchema: tool.inputSchema as Tool["inputSchema"],
    annotations: tool.annotations,
    _meta: { dust: { displayLabels: tool.labels, eager: true } },
  }));
}

/**
 * What tells an action of Dust's from its repetition. Other clients count their requests with this token, from the start
 * with every connection: it is then the request's own id, and says nothing.
 */
function attemptOf(progressToken: unknown, id: string | number): string | undefined {
  const isId = typeof progressToken === "string" || typeof progressToken === "number";
  return isId && progressToken !== id ? String(progressToken).slice(0, 200) : undefined;
}
