import { z } from "zod";
import { NUMBER, TEXT } from "../codec/values.ts";
import type { MultiMailErrorCode, MultiMailFailure } from "../multimail_error.ts";

const WIRE = z
  .looseObject({ error: TEXT, hint: TEXT, warmup_stage: z.unknown().optional(), daily_limit: NUMBER })
  .catch({ error: undefined, hint: undefined, warmup_stage: undefined, daily_limit: undefined });

type ErrorBody = z.infer<typeof WIRE>;

interface Row {
  readonly status: number;
  readonly code: MultiMailErrorCode;
  readonly when?: (body: ErrorBody) => boolean;
}

// The first row that fits counts. MultiMail gives no codes, so that text has to tell some of them apart.
const ROWS: readonly Row[] = [
  { status: 401, code: "auth" },
  { status: 403, code: "read_only", when: ({ error }) => /read[_ -]only/i.test(error ?? "") },
  { status: 403, code: "forbidden" },
  { status: 404, code: "not_found" },
  { status: 408, code: "unavailable" },
  { status: 409, code: "conflict" },
  { status: 410, code: "not_found" },
  { status: 413, code: "too_large" },
  {
    status: 429,
    code: "warmup",
    when: (body) => body.warmup_stage !== undefined || body.daily_limit !== undefined,
  },
  { status: 429, code: "quota", when: ({ error }) => /quota/i.test(error ?? "") },
  { status: 429, code: "rate" },
];

/** What an answer other than 2xx means, and MultiMail's own words for it, not yet cleaned. */
export function convertRefusal(status: number, body: unknown): MultiMailFailure {
  const wire = WIRE.parse(body);
  const text = [wire.error, wire.hint].filter((part) => part).join(". ");
  const refused = status >= 400 && status < 500;
  const row = ROWS.find((row) => row.status === status && (row.when?.(wire) ?? true));
  const code = row?.code ?? (refused ? "rejected" : status >= 500 ? "unavailable" : "unknown_outcome");
  return {
    code,
    // A redirect or a 5xx may come from a proxy, after MultiMail took the request.
    outcome: refused ? "not_accepted" : "unknown",
    status,
    // MultiMail does not document whose a limit of requests is; some answers say it.
    ...(code === "rate" && { limits: /\b(?:account|api[ -]?key)\b/i.test(text) ? "account" : "mailbox" }),
    ...(text !== "" && { multimailText: text }),
  };
}
