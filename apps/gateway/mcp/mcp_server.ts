import { invalid, type JsonProblem } from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { VERSION } from "@countersign/host";
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
  type Tool,
} from "@modelcontextprotocol/server";
import { BusyError, type Ticket } from "../door/admission.ts";
import type { Asker, Caller } from "../enforce/call.ts";
import type { World } from "../enforce/world.ts";
import { callTool } from "./call_tool.ts";
import { describeTool } from "./describe_tool.ts";
import { recordInvalid } from "./record_invalid.ts";
import { oneLine } from "./text/one_line.ts";
import type { EmailTool } from "./tool.ts";
import { TOOLS } from "./tools.ts";

/** Who makes a request: what its `authInfo.extra` holds. */
export interface McpCaller extends Asker {
  /** What the client calls its request. */
  readonly id?: string | number;
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
 * A server for requests of any assistant. The SDK's lower interface is used on purpose: arguments are judged here, so
 * that a call with wrong ones is on record too.
 */
export function mcpServer(world: World): Server {
  const server = new Server(
    { name: "countersign", title: "Countersign email", version: VERSION },
    {
      capabilities: { tools: {} },
      // Descriptions are the caller's own, and follow the policy in force.
      cacheHints: { "tools/list": { ttlMs: 0, cacheScope: "private" } },
    },
  );
  server.setRequestHandler("tools/list", (_, context) => ({
    tools: listTools(world, callerOf(context).caller),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context): Promise<CallToolResult> => {
    const { caller, person, wrong, ticket, busy, id = context.mcpReq.id } = callerOf(context);
    if (busy !== undefined) return refused(busy);
    const tool = TOOL_OF_NAME.get(params.name);
    if (tool === undefined) {
      const name = oneLine(params.name, 100);
      const unknown = invalid("invalid_request", `tool ${name}`, "Unknown tool");
      await recordInvalid(unknown, defined({ caller, person }), world);
      const known = TOOLS.map((tool) => tool.name).join(", ");
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool "${name}": there are ${known}`);
    }
    const attempt = attemptOf(context.mcpReq._meta?.progressToken, id);
    // The client may hang up: what was asked for goes on, and counts.
    ticket.hold();
    try {
      const { text, isError } = await callTool(
        tool,
        params.arguments ?? {},
        defined({ caller, person, wrong, ticket, attempt }),
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

const TOOL_OF_NAME: ReadonlyMap<string, EmailTool> = new Map(TOOLS.map((tool) => [tool.name, tool]));

function callerOf({ http }: ServerContext): McpCaller {
  if (http?.authInfo?.extra === undefined)
    throw new Error("Cannot serve an MCP request: nobody says who calls");
  return http.authInfo.extra as unknown as McpCaller;
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
