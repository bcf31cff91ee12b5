import { z } from "zod";
import { parseAddress } from "../address/mod.ts";
import type { LimitWindow } from "../policy/values/amounts.ts";

/** Durations as policies write them: `30m`, `24h`, `7d`. */
const AGO = z.string().regex(/^[1-9]\d{0,4}[mhd]$/, "A duration is needed, like 30m, 24h or 7d");

/** Of every window, or of each by its name. */
const COUNT = z.union([
  z.int().min(0),
  z.partialRecord(z.enum(["minute", "hour", "day", "week"]), z.int().min(0)),
]);
/** One address, or several. */
export const ADDRESSES: z.ZodType<readonly string[]> = z.union([
  z.string().transform((one) => [one]),
  z.array(z.string()),
]);

const GIVEN = z.strictObject({
  live: z
    .union([
      z.literal("unknown"),
      z.strictObject({
        oversight: z.string().optional(),
        allowlist: z.array(z.string()).optional(),
        auto_cc: z.string().nullish(),
        auto_bcc: z.string().nullish(),
        active: z.boolean().optional(),
        seen: AGO.optional(),
      }),
    ])
    .optional(),
  original: z
    .union([
      z.literal("unknown"),
      z.strictObject({
        from: z.string(),
        to: ADDRESSES.optional(),
        cc: ADDRESSES.optional(),
        subject: z.string().optional(),
        status: z.string().optional(),
        own: z.boolean().optional(),
        left: z.boolean().optional(),
      }),
    ])
    .optional(),
  used: z
    .strictObject({
      per_assistant: COUNT.optional(),
      per_recipient: COUNT.optional(),
      per_domain: COUNT.optional(),
      per_user: COUNT.optional(),
      team: COUNT.optional(),
    })
    .optional(),
  recent: z
    .array(
      z.strictObject({
        as: z.string(),
        to: ADDRESSES,
        subject: z.string().optional(),
        body: z.string().optional(),
        ago: AGO.optional(),
      }),
    )
    .optional(),
  known: z.array(z.string()).optional(),
  heard_from: z.array(z.string()).optional(),
  read_outside_mail: AGO.optional(),
  stopped: z.boolean().optional(),
});

const ADDRESS = z.string().refine((text) => parseAddress(text).ok, "Must be an address");

const USER = z.union([
  ADDRESS,
  z.strictObject({
    address: ADDRESS.optional(),
    claims: z.array(z.string()).optional(),
    key: z.boolean().optional(),
  }),
]);

/** The keys that say what is asked for; exactly one of them. */
export const REQUEST_KEYS = [
  "send",
  "reply",
  "report",
  "inbox",
  "read",
  "thread",
  "status",
  "cancel",
] as const;

/** One of the keys that say what is asked for. */
export type RequestKey = (typeof REQUEST_KEYS)[number];

/** Shape of a scenario's keys, for those who add keys of their own. */
export const SCENARIO_SHAPE: ScenarioShape = {
  ...(Object.fromEntries(REQUEST_KEYS.map((key) => [key, z.unknown().optional()])) as Record<
    RequestKey,
    z.ZodOptional<z.ZodUnknown>
  >),
  user: USER.optional(),
  given: GIVEN.optional(),
};

type ScenarioShape = Record<RequestKey, z.ZodOptional<z.ZodUnknown>> & {
  user: z.ZodType<ScenarioUser | undefined>;
  given: z.ZodType<Given | undefined>;
};

/** A request that nobody makes, in a world that is made up: what would be decided? */
export type Scenario = { readonly [K in RequestKey]?: unknown } & {
  readonly user?: ScenarioUser | undefined;
  readonly given?: Given | undefined;
};

/** Who asks the assistant, signed in; absent in a scenario: nobody did. Text is an address that the sign-in confirms. */
export type ScenarioUser =
  | string
  | {
      /** Absent: the sign-in confirms none. */
      readonly address?: string | undefined;
      readonly claims?: readonly string[] | undefined;
      /** Whether the assistant's key came besides; absent: it did. */
      readonly key?: boolean | undefined;
    };

/** How many emails count already: in whatever window, or in those named, and none in others. */
export type UsedCount = number | { readonly [window in LimitWindow]?: number | undefined };

/**
 * What the made-up world is like. What is not said: the live mailbox is as declared, nobody is known, nothing has
 * happened.
 */
export interface Given {
  /** The live mailbox; `unknown`: MultiMail has not shown it. Absent keys: as declared. */
  readonly live?:
    | "unknown"
    | {
        readonly oversight?: string | undefined;
        readonly allowlist?: readonly string[] | undefined;
        readonly auto_cc?: string | null | undefined;
        readonly auto_bcc?: string | null | undefined;
        readonly active?: boolean | undefined;
        /** How long ago MultiMail showed it. */
        readonly seen?: string | undefined;
      }
    | undefined;
  /** The email that a reply answers; `unknown`: it cannot be read. */
  readonly original?:
    | "unknown"
    | {
        readonly from: string;
        readonly to?: readonly string[] | undefined;
        readonly cc?: readonly string[] | undefined;
        readonly subject?: string | undefined;
        readonly status?: string | undefined;
        /** It is the mailbox's own email, which left or did not. */
        readonly own?: boolean | undefined;
        readonly left?: boolean | undefined;
      }
    | undefined;
  /** How much of each limit is used already. */
  readonly used?:
    | {
        readonly per_assistant?: UsedCount | undefined;
        readonly per_recipient?: UsedCount | undefined;
        readonly per_domain?: UsedCount | undefined;
        readonly per_user?: UsedCount | undefined;
        readonly team?: UsedCount | undefined;
      }
    | undefined;
  /** Recent emails; `as` is `assistant` or `team/assistant`. */
  readonly recent?:
    | readonly {
        readonly as: string;
        readonly to: readonly string[];
        readonly subject?: string | undefined;
        readonly body?: string | undefined;
        readonly ago?: string | undefined;
      }[]
    | undefined;
  /** Addresses that the team wrote to long ago, and it left. */
  readonly known?: readonly string[] | undefined;
  /** Addresses that only wrote to the team. */
  readonly heard_from?: readonly string[] | undefined;
  /** How long ago somebody of the team read mail from outside. */
  readonly read_outside_mail?: string | undefined;
  /** The mailbox was stopped after an alarm. */
  readonly stopped?: boolean | undefined;
}
