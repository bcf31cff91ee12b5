import { openapiDocument } from "@countersign/gateway/openapi";

/** Where the page lies, from the repository's root. */
export const REST_REFERENCE = "apps/gateway/docs/rest_reference.md";

/** What the page reads of JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A body of each operation that takes one; ids are shell variables. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  sendEmail: {
    to: "jane@acme.example",
    subject: "Offer 42",
    body: "Dear Jane, …",
    idempotency_key: "offer-42",
  },
  replyToEmail: { message_id: "$EMAIL", body: "Thank you, …" },
  sendReport: {
    report: { period: "2026-W47", metrics: { Signups: 42 } },
    recipients: ["jane@acme.example"],
  },
  sendFromMailbox: { to: ["jane@acme.example"], subject: "Offer 43", markdown: "Dear Jane, …" },
  replyFromMailbox: { markdown: "Thank you, …" },
};

/** What the paths' parameters are in the examples. */
const VARIABLES: Readonly<Record<string, string>> = {
  id: "$MAILBOX",
  mailboxId: "$MAILBOX",
  emailId: "$EMAIL",
  threadId: "$THREAD",
  receipt: "$RECEIPT",
  filename: "offer.pdf",
};

const { paths, components } = openapiDocument({ version: "", url: "" }) as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses: Responses };
};

type Responses = Readonly<
  Record<string, { readonly $ref?: string; readonly description: string; readonly content?: Content }>
>;
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Responses;
}

/** The reference page of the REST door, with a command for everything. */
export function restReference(): string {
  return `# The doors, route by route

<!-- Made by npm run generate from apps/gateway/rest/openapi, which is made from the schemas that read requests. -->

The same as OpenAPI 3.1, for generators of clients: \`GET /openapi.json\`. The examples are for a shell with

    URL=http://127.0.0.1:8787 KEY=csk_…        # the gateway, and an assistant's key
    MAILBOX=… EMAIL=… THREAD=… RECEIPT=rcp_…   # ids from earlier answers

${Object.entries(paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => section(method.toUpperCase(), path, one)),
  )
  .join("\n")}
## MCP: \`POST /mcp\`

    curl -s "$URL/mcp" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
      -H "Accept: application/json, text/event-stream" \\
      -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
    curl -s "$URL/mcp" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
      -H "Accept: application/json, text/event-stream" \\
      -d '{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "email_policy", "arguments": {}}}'

Each answer is one event of a stream, without a session. The tools, and what their arguments are, [for Dust](dust.md).

## What answers hold

${Object.entries(components.schemas)
  .map(([name, schema]) => `### ${name}\n\n${schema.description ?? ""}\n\n${members(schema)}`)
  .join("\n\n")
  .replaceAll(/\n{3,}/g, "\n\n")}

## When it is refused

The answer is a [Refusal](#refusal); \`code\` is one of

| status | codes |
|---|---|
${Object.entries(components.responses)
  .map(([name, { description }]) => `| ${name.replace("Refusal", "")} | ${description} |`)
  .sort()
  .join("\n")}
`;
}

function section(method: string, path: string, operation: Operation): string {
  const { summary, description = "", parameters = [], requestBody, responses, tags } = operation;
  const queries = parameters.filter((one) => one.in === "query");
  const body = requestBody?.content["application/json"]?.schema;
  return [
    `## ${summary}: \`${method} ${path}\``,
    description,
    curl(method, path, operation, tags.includes("Operations")),
    queries.length > 0
      ? `| query | takes | meaning |\n|---|---|---|\n${queries.map((one) => `| \`${one.name}\` | ${form(one.schema)} | ${one.description ?? ""} |`).join("\n")}`
      : "",
    body === undefined ? "" : members(body),
    Object.entries(responses)
      .filter(([status]) => status < "300")
      .map(([status, answer]) => `**${status}**: ${answer.description}${shapesOf(answer.content)}`)
      .join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function curl(method: string, path: string, { operationId }: Operation, isOpen: boolean): string {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => VARIABLES[name] ?? name);
  const auth = isOpen ? "" : ' -H "Authorization: Bearer $KEY"';
  const example = EXAMPLES[operationId];
  const body = example === undefined ? "" : JSON.stringify(example, undefined, 1).replaceAll(/\n\s*/g, " ");
  const quoted = body.includes("$") ? `"${body.replaceAll('"', '\\"')}"` : `'${body}'`;
  const data = body === "" ? "" : ` \\\n      -H "Content-Type: application/json" \\\n      -d ${quoted}`;
  return `    curl -s${method === "POST" && body === "" ? " -X POST" : ""} "$URL${url}"${auth}${data}`;
}

function members({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const always = required.includes(name) ? "**yes**" : "";
    return `| \`${name}\` | ${form(schema)} | ${always} | ${(schema.description ?? "").replaceAll("|", "\\|")} |`;
  });
  return rows.length === 0
    ? ""
    : `| member | takes | always | meaning |\n|---|---|---|---|\n${rows.join("\n")}`;
}

function form(schema: Schema): string {
  const { type, items, anyOf, oneOf, $ref, format, minLength, maxLength, minItems, maxItems } = schema;
  if ($ref !== undefined) return nameOf($ref);
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(", ");
  const either = anyOf ?? oneOf;
  if (either !== undefined && schema.properties === undefined) return either.map(form).join(" or ");
  const kind = [type].flat().join(" or ");
  if (kind === "array") return `list of ${form(items ?? {})}${bounds(minItems, maxItems)}`;
  return `${format === "date-time" ? kind.replace("string", "time") : kind}${bounds(minLength, maxLength)}`;
}

function bounds(least: number | undefined, most: number | undefined): string {
  if (most === undefined) return "";
  return least === undefined ? ` (at most ${most})` : ` (${least} to ${most})`;
}

function shapesOf(content: Content | undefined): string {
  const { schema } = content?.["application/json"] ?? {};
  const names = [schema, ...(schema?.oneOf ?? [])].flatMap((one) => (one?.$ref ? [nameOf(one.$ref)] : []));
  return names.length === 0 ? "" : ` ${names.join(" or ")}`;
}

function nameOf(ref: string): string {
  const name = ref.replace(/.*\//, "");
  return `[${name}](#${name.toLowerCase()})`;
}
