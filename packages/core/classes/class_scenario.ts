import { fingerprint, similarity } from "../overlap/mod.ts";
import type { BuiltinDetector, ContentDetector } from "../policy/mod.ts";
import { windowName } from "../policy/values/amounts.ts";
import type { Scenario, UsedCount } from "../what_if/scenario.ts";
import { type ClassFile, type ClassRequest, textOf } from "./class_request.ts";
import { sampleText } from "./sample_text.ts";

/** Text in which each detector that comes with the product finds something; put together, so that nobody takes it for a leak. */
const FOUND: Readonly<Record<BuiltinDetector, string>> = {
  credit_card: "4111 1111 1111 1111",
  iban: "GB82 WEST 1234 5698 7654 32",
  us_ssn: "SSN 536-22-8745",
  private_key: [
    "-----BEGIN",
    "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END",
    "PRIVATE KEY-----",
  ].join(" "),
  api_key: ["AKIA", "QYLPMN5HFIQR7XYA"].join(""),
  email_list: Array.from({ length: 60 }, (_, index) => `person${index}@list${index}.example`).join(", "),
};

/** How files of a type begin, and what their names end in. */
const FILES: Readonly<Record<string, readonly [string, string]>> = {
  "text/plain": ["txt", "Hello"],
  "text/csv": ["csv", "a,b\n1,2\n"],
  "application/pdf": ["pdf", "%PDF-1.4\n%%EOF"],
  "image/png": ["png", "\u0089PNG\r\n\u001a\n\u0000"],
  "image/jpeg": ["jpg", "\u00ff\u00d8\u00ff\u00e0\u0000"],
};

/** Whose request it is. */
export interface ClassScenarioOptions {
  /** The team's own address. Whoever wrote what is answered is known, so somebody new is answered beside the team itself. */
  readonly mailbox?: string;
}

/**
 * A request of a class as a scenario that can be pasted into `countersign decide`. `undefined`: no text or file could be
 * made up that is what the class says. Whoever shows it plays it first.
 */
export function classScenario(
  request: ClassRequest,
  { mailbox }: ClassScenarioOptions = {},
): Scenario | undefined {
  const { action, recipients, asker, content, now, sendAt, says } = request;
  if ([...says.subject, ...says.body].some((pattern) => sampleText(pattern) === undefined)) return undefined;
  const said = (pattern: string): string => sampleText(pattern) ?? "";
  const subject = textOf(request, "subject", said);
  const texts = content.map(sampleOf);
  const files = request.files.map(fileOf);
  if (texts.includes(undefined) || files.includes(undefined)) return undefined;
  const given = givenOf(request, textOf(request, "body", said));
  const { person, isProven } = asker;
  const user =
    person === undefined
      ? {}
      : {
          user: {
            ...(person.address && { address: person.address.address }),
            claims: person.claims,
            key: isProven,
          },
        };
  const rest = { ...user, ...(Object.keys(given).length > 0 && { given }) };
  const body = [textOf(request, "body", said), ...texts].join("\n\n");
  const attachments = files.length > 0 ? { attachments: files } : {};
  const addresses = recipients.map(({ address }) => address);
  const [first = "", ...others] = addresses;
  switch (action) {
    case "send":
      return {
        send: {
          to: addresses,
          subject,
          body,
          ...attachments,
          ...(sendAt !== undefined && { send_at: new Date(sendAt).toISOString() }),
        },
        ...rest,
      };
    case "report":
      if (recipients.length !== 1 || content.length > 0 || files.length > 0 || sendAt !== undefined)
        return undefined;
      return {
        report: { recipients: addresses, report: { period: dayOf(now), metrics: { Emails: 1 } } },
        ...rest,
      };
    case "reply":
      return {
        reply: { body, ...(others.length > 0 && { cc: others }), ...attachments },
        ...rest,
        given: {
          ...given,
          original:
            request.isNew && mailbox !== undefined
              ? { from: mailbox, to: [first], subject, status: "sent", own: true, left: true }
              : { from: first, subject, status: "read" },
        },
      };
    default:
      return { [action]: {}, ...rest };
  }
}

function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function sampleOf(detector: ContentDetector): string | undefined {
  return detector.kind === "builtin" ? FOUND[detector.name] : sampleText(detector.pattern);
}

function fileOf({ type, bytes, unreadable }: ClassFile, index: number): object | undefined {
  const [extension, begins] = FILES[type] ?? [];
  if (extension === undefined || begins === undefined || bytes > 20_000_000) return undefined;
  if (unreadable && type.startsWith("text/")) return undefined;
  const filled = begins + (bytes > 1 ? " ".repeat(Math.max(0, bytes - begins.length)) : "");
  return { name: `file${index}.${extension}`, content_type: type, content_base64: btoa(filled) };
}

function givenOf(
  { recipients, isNew, used, recent, readOutsideMs, mode, action, subject }: ClassRequest,
  body: string,
): NonNullable<Scenario["given"]> {
  const known = recipients.slice(isNew ? 1 : 0).map(({ address }) => address);
  const [first] = recipients;
  return {
    ...(known.length > 0 && { known }),
    ...(mode !== undefined && { live: { oversight: mode } }),
    ...(used && { used: { [used.limit]: usedCount(used) } }),
    ...(readOutsideMs !== undefined && agoOf("read_outside_mail", Math.max(readOutsideMs, 60_000))),
    ...(recent &&
      first && {
        recent: [
          {
            as: recent.by === "colleague" ? "another-assistant" : "another-team/assistant",
            to: [first.address],
            ...(recent.by === "colleague" && {
              ...(action !== "reply" && { subject }),
              body: partOf(body, recent.alike ?? 1),
            }),
            ...agoOf("ago", recent.agoMs),
          },
        ],
      }),
  };
}

function usedCount({ windowMs, count }: NonNullable<ClassRequest["used"]>): UsedCount {
  const name = windowName(windowMs);
  return name === undefined ? count : { [name]: count };
}

/** The beginning of a text that is so much like all of it, and hardly more. */
function partOf(text: string, alike: number): string {
  const all = fingerprint(text);
  const words = text.split(" ");
  const beginnings = words.map((_, count) => words.slice(0, count).join(" "));
  return beginnings.find((one) => similarity(all, fingerprint(one)) >= alike) ?? text;
}

/** As policies write it, rounded down; nothing for what happens now. */
function agoOf(name: string, ms: number): object {
  const minutes = Math.floor(ms / 60_000);
  return minutes === 0 ? {} : { [name]: minutes % 1440 === 0 ? `${minutes / 1440}d` : `${minutes}m` };
}
