import { z } from "zod";
import { type Action, FIELDS, invalidFields, parseReply, parseReport, parseSend } from "../action/mod.ts";
import { REQUEST_KEYS, type RequestKey, type Scenario } from "./scenario.ts";

const MAILBOX = { mailbox_id: FIELDS.mailboxId.optional() };
const INBOX = z.strictObject({ ...MAILBOX, limit: FIELDS.limit.optional() });
const READ = z.strictObject({
  ...MAILBOX,
  message_id: FIELDS.emailId.optional(),
  attachment: z.string().optional(),
});
const THREAD = z.strictObject({ ...MAILBOX, thread_id: FIELDS.threadId.optional() });
const STATUS = z.strictObject({ receipt: FIELDS.receipt.optional() });

/** Id of an email, thread or receipt that a scenario does not name: it is made up anyway. */
const SOME_ID = "some";

/** What each key asks for, read as the doors read it: one action, or a report's one for each recipient. */
const ACTIONS: Readonly<Record<RequestKey, (request: unknown) => readonly Action[]>> = {
  send: (request) => [parseSend(request)],
  reply: (request) => [parseReply(isRecord(request) ? { message_id: SOME_ID, ...request } : request)],
  report: (request) => [parseReport(request)].flat(),
  inbox: (request) => [read("inbox", INBOX, request, ({ limit = 10 }) => ({ name: "inbox", limit }))],
  read: (request) => [
    read("read", READ, request, ({ message_id = SOME_ID, attachment }) => ({
      name: "read",
      emailId: message_id,
      ...(attachment !== undefined && { attachment }),
    })),
  ],
  thread: (request) => [
    read("thread", THREAD, request, ({ thread_id = SOME_ID }) => ({ name: "thread", threadId: thread_id })),
  ],
  status: (request) => [
    read("status", STATUS, request, ({ receipt }) => ({
      name: "status",
      ...(receipt !== undefined && { receipt }),
    })),
  ],
  cancel: (request) => [
    read("cancel", STATUS, request, ({ receipt = SOME_ID }) => ({ name: "cancel", receipt })),
  ],
};

/**
 * The actions that a scenario asks for. A request that a door would refuse becomes the invalid action that the door
 * would make of it.
 *
 * @throws {RangeError} when the scenario does not ask for exactly one thing
 */
export function scenarioActions(scenario: Scenario): readonly Action[] {
  const keys = REQUEST_KEYS.filter((key) => scenario[key] !== undefined);
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new RangeError(
      `Cannot tell what is asked for: exactly one of ${REQUEST_KEYS.join(", ")} is needed`,
    );
  }
  return ACTIONS[key](scenario[key] ?? {});
}

function read<T extends object>(
  name: RequestKey,
  schema: z.ZodType<T & { mailbox_id?: string | undefined }>,
  request: unknown,
  toAction: (fields: T) => Action,
): Action {
  const parsed = schema.safeParse(request);
  if (!parsed.success) return invalidFields(name, parsed.error);
  const { mailbox_id: mailboxId } = parsed.data;
  return { ...toAction(parsed.data), ...(mailboxId !== undefined && { mailboxId }) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
