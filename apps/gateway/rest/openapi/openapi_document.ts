import { EMAIL_BODIES, FIELDS } from "@countersign/core/action";
import { z } from "zod";
import { STATUS_OF_CODE } from "../../enforce/code.ts";
import { MULTIMAIL_QUERY } from "../parse_multimail.ts";
import { SEED_QUERY } from "../rest_door.ts";
import { ANSWERS, type AnswerName, type JsonSchema } from "./answers.ts";

/** An OpenAPI 3.1 document: plain JSON. */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly [member: string]: unknown;
}

/** One route of one method. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly JsonSchema[];
  readonly requestBody?: JsonSchema;
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

/** What the document says of the gateway that serves it. */
export interface OpenApiOptions {
  readonly version: string;
  /** How callers reach it: `https://countersign.acme.example`. */
  readonly url: string;
}

/** How the table below tells one route. */
interface Route {
  /** What generated clients call it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly body?: JsonSchema;
  readonly query?: z.ZodObject;
  /** Status → what is answered; several: one of them. */
  readonly answers: Readonly<Record<number, readonly [description: string, ...AnswerName[]]>>;
}

/** The REST door as OpenAPI 3.1, made from the schemas by which requests are read. */
export function openapiDocument({ version, url }: OpenApiOptions): OpenApiDocument {
  return {
    openapi: "3.1.1",
    info: {
      title: "Countersign",
      version,
      summary: "Email for assistants, each request judged by its team's policy before MultiMail is called",
      description:
        "Every route takes an assistant's key as bearer token. Fields that are null or empty text count as left out. A request that is denied is on record, like one that is let through: `receipt` names it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url }],
    security: [{ assistantKey: [] }],
    tags: [
      { name: "Email", description: "What the seed's functions call." },
      { name: "MultiMail", description: "MultiMail's own routes, for clients that exist." },
      { name: "Operations", description: "For whoever runs the gateway; without a key." },
    ],
    paths: { ...pathsOf(EMAIL_ROUTES, "Email"), ...pathsOf(MULTIMAIL_ROUTES, "MultiMail"), ...OPERATIONS },
    components: {
      securitySchemes: {
        assistantKey: {
          type: "http",
          scheme: "bearer",
          description: "An assistant's key, `csk_…`: `countersign keys new team/assistant` prints it.",
        },
      },
      schemas: ANSWERS,
      responses: Object.fromEntries(
        [...new Set(Object.values(STATUS_OF_CODE))].map((status) => [
          `Refusal${status}`,
          {
            description: codesOf(status).join(", "),
            ...(RETRIED.includes(status) && { headers: { "Retry-After": RETRY_AFTER } }),
            ...json(answerRef("Refusal")),
          },
        ]),
      ),
    },
  };
}

/** Where one address may stand without a list. */
const LISTS: ReadonlySet<string> = new Set(["to", "cc", "bcc"]);

const RETRIED: readonly number[] = [429, 503];
const RETRY_AFTER = { description: "Seconds to wait, where that is known.", schema: { type: "integer" } };

const TAKEN = ["Let through, held, or asked for before.", "Taken", "Duplicate"] as const;
const MULTIMAIL_TAKEN = ["Let through, or held.", "MultimailTaken"] as const;
const MULTIMAIL_DUPLICATE = ["Asked for before; nothing was sent again.", "MultimailDuplicate"] as const;

/** What is wrong with a request of any kind. */
const ALWAYS = [400, 401, 403, 404, 408, 413, 415, 429, 500, 502, 503] as const;
/** What is wrong besides with one that changes something. */
const CHANGING = [409, 422] as const;

const EMAIL_ROUTES: Readonly<Record<string, Route>> = {
  "POST /v1/send": {
    id: "sendEmail",
    summary: "Send an email",
    description:
      "Give exactly one of `body` and `markdown`. Without `idempotency_key`, the same email from the same assistant within ten minutes is a duplicate.",
    body: email(EMAIL_BODIES.send),
    answers: { 202: TAKEN },
  },
  "POST /v1/reply": {
    id: "replyToEmail",
    summary: "Reply to an email",
    description:
      "It goes to the sender, To and Cc of that email, and to whom `cc` and `bcc` add. Give exactly one of `body` and `markdown`.",
    body: email(EMAIL_BODIES.reply),
    answers: { 202: TAKEN },
  },
  "POST /v1/report": {
    id: "sendReport",
    summary: "Send a report, an email to each recipient",
    description: "Each is judged by itself: one refusal does not stop the rest.",
    body: shape(EMAIL_BODIES.report),
    answers: { 200: ["What became of each.", "ReportResults"] },
  },
  "GET /v1/mailboxes/{id}/inbox": {
    id: "checkInbox",
    summary: "List received email",
    query: SEED_QUERY,
    answers: { 200: ["A page of it.", "EmailPage"] },
  },
  "GET /v1/receipts/{receipt}": {
    id: "getReceipt",
    summary: "Ask what became of a request",
    answers: { 200: ["What became of it.", "Receipt"] },
  },
};

const MULTIMAIL_ROUTES: Readonly<Record<string, Route>> = {
  "GET /v1/mailboxes": {
    id: "listMailboxes",
    summary: "List the team's mailbox",
    answers: { 200: ["The team's, and no other.", "Mailboxes"] },
  },
  "GET /v1/mailboxes/{mailboxId}": {
    id: "getMailbox",
    summary: "Get the team's mailbox",
    answers: { 200: ["Its settings.", "Mailbox"] },
  },
  "POST /v1/mailboxes/{mailboxId}/send": {
    id: "sendFromMailbox",
    summary: "Send an email, as at MultiMail",
    body: asMultimail(EMAIL_BODIES.send, "mailbox_id"),
    answers: { 200: MULTIMAIL_DUPLICATE, 202: MULTIMAIL_TAKEN },
  },
  "POST /v1/mailboxes/{mailboxId}/reply/{emailId}": {
    id: "replyFromMailbox",
    summary: "Reply to an email, as at MultiMail",
    body: asMultimail(EMAIL_BODIES.reply, "message_id"),
    answers: { 200: MULTIMAIL_DUPLICATE, 202: MULTIMAIL_TAKEN },
  },
  "GET /v1/mailboxes/{mailboxId}/emails": {
    id: "listEmails",
    summary: "List email, received and sent",
    query: MULTIMAIL_QUERY,
    answers: { 200: ["A page of it.", "EmailPage"] },
  },
  "GET /v1/mailboxes/{mailboxId}/emails/{emailId}": {
    id: "getEmail",
    summary: "Read an email",
    answers: { 200: ["It, with its text.", "Email"] },
  },
  "GET /v1/mailboxes/{mailboxId}/emails/{emailId}/tags": {
    id: "getTags",
    summary: "Read an email's tags",
    answers: { 200: ["MultiMail's tags.", "Tags"] },
  },
  "GET /v1/mailboxes/{mailboxId}/emails/{emailId}/attachments/{filename}": {
    id: "getAttachment",
    summary: "Get an attachment",
    description: "The file itself, of whatever type; or, as JSON, where MultiMail holds it.",
    answers: { 200: ["The file, or where it is.", "AttachmentLink"] },
  },
  "POST /v1/mailboxes/{mailboxId}/emails/{emailId}/cancel": {
    id: "cancelEmail",
    summary: "Take an email back that has not left",
    answers: { 200: ["Where it stands.", "MultimailCancelled"] },
  },
  "GET /v1/mailboxes/{mailboxId}/threads/{threadId}": {
    id: "getThread",
    summary: "Get a conversation",
    answers: { 200: ["It, without texts.", "Thread"] },
  },
};

const PARAMETERS: Readonly<Record<string, z.ZodType>> = {
  id: FIELDS.mailboxId,
  mailboxId: FIELDS.mailboxId,
  emailId: FIELDS.emailId,
  threadId: FIELDS.threadId,
  receipt: FIELDS.receipt,
  filename: z
    .string()
    .regex(/^[^/\\]{1,255}$/)
    .describe("The attachment's name."),
};

const OPERATIONS = {
  "/healthz": {
    get: open("isAlive", "Ask whether the process serves", {
      200: { description: "It does.", ...json({ type: "object" }) },
    }),
  },
  "/readyz": {
    get: {
      ...open("isReady", "Ask whether teams can be served", {
        200: { description: "At least one can.", ...json({ type: "object" }) },
        404: { description: "No policy names this team.", ...json({ type: "object" }) },
        503: { description: "None can: `problems` tells why.", ...json({ type: "object" }) },
      }),
      parameters: [
        { name: "team", in: "query", description: "Of one team only.", schema: { type: "string" } },
      ],
    },
  },
  "/metrics": {
    get: open("getMetrics", "Read the metrics", {
      200: {
        description: "Prometheus' text format.",
        content: { "text/plain": { schema: { type: "string" } } },
      },
    }),
  },
  "/openapi.json": {
    get: open("getOpenApi", "Read this document", {
      200: { description: "OpenAPI 3.1.", ...json({ type: "object" }) },
    }),
  },
} as const;

function open(operationId: string, summary: string, responses: OpenApiOperation["responses"]) {
  // Node's HTTP answers it, before any route is looked for.
  const broken = { 400: { description: "The request is no HTTP." } };
  return { operationId, summary, tags: ["Operations"], security: [], responses: { ...responses, ...broken } };
}

function pathsOf(routes: Readonly<Record<string, Route>>, tag: string): OpenApiDocument["paths"] {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [route, { id, summary, description, body, query, answers }] of Object.entries(routes)) {
    const [method = "", path = ""] = route.split(" ");
    const refused = body || method === "POST" ? [...ALWAYS, ...CHANGING] : ALWAYS;
    const parameters = [...inPath(path), ...(query ? inQuery(query) : [])];
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: id,
        summary,
        ...(description !== undefined && { description }),
        tags: [tag],
        ...(parameters.length > 0 && { parameters }),
        ...(body && { requestBody: { required: true, ...json(body) } }),
        responses: {
          ...Object.fromEntries(
            Object.entries(answers).map(([status, answer]) => [status, answered(answer)]),
          ),
          ...Object.fromEntries(
            refused
              .toSorted((a, b) => a - b)
              .map((status) => [status, { $ref: `#/components/responses/Refusal${status}` }]),
          ),
        },
      },
    };
  }
  return paths;
}

function answered([description, ...names]: Route["answers"][number]): JsonSchema {
  const refs = names.map(answerRef);
  const content = json(refs.length === 1 ? (refs[0] ?? {}) : { oneOf: refs });
  if (!names.includes("AttachmentLink")) return { description, ...content };
  const file = { schema: { type: "string", format: "binary" } };
  return { description, content: { ...content.content, "*/*": file } };
}

function answerRef(name: AnswerName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function json(schema: JsonSchema) {
  return { content: { "application/json": { schema } } };
}

function codesOf(status: number): readonly string[] {
  return Object.entries(STATUS_OF_CODE).flatMap(([code, of]) => (of === status ? [`\`${code}\``] : []));
}

function inPath(path: string): readonly JsonSchema[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
    const { description, ...schema } = shape(PARAMETERS[name] ?? z.string());
    return { name, in: "path", required: true, description, schema };
  });
}

function inQuery(query: z.ZodObject): readonly JsonSchema[] {
  const { properties } = shape(query) as { readonly properties: Readonly<Record<string, JsonSchema>> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    description,
    schema,
  }));
}

/** What a schema takes. What zod writes as long patterns is told by its format. */
function shape(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...whole } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === "base64") delete jsonSchema.format;
      else if (jsonSchema.format !== "date-time") return;
      delete jsonSchema.pattern;
    },
  });
  return whole;
}

/** Of an email: exactly one of two names for its text, and one recipient may come without a list. */
function email(schema: z.ZodType): JsonSchema {
  const { properties, ...rest } = shape(schema) as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
  };
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        LISTS.has(name) ? oneOrList(property) : property,
      ]),
    ),
    oneOf: [{ required: ["body"] }, { required: ["markdown"] }],
  };
}

function oneOrList({ description, ...list }: JsonSchema): JsonSchema {
  return { description, anyOf: [{ type: "string", maxLength: 1000 }, list] };
}

/** MultiMail's clients name in the path what ours name in the body, and send what can only be one way. */
function asMultimail(schema: z.ZodType, inPathAlready: string): JsonSchema {
  const { properties, required, ...rest } = email(schema) as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required: readonly string[];
  };
  const { [inPathAlready]: _, ...others } = properties;
  return {
    ...rest,
    required: required.filter((name) => name !== inPathAlready),
    properties: { ...others, gate_timing: { const: "gate_first" }, ai_disclosure: { const: true } },
  };
}
