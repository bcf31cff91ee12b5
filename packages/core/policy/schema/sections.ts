import { z } from "zod";
import type { Address, AddressPattern } from "../../address/mod.ts";
import { BUILTIN_DETECTORS, type BuiltinDetector } from "../team_policy.ts";
import type { Rate } from "../values/amounts.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";

/** What may be said of mail to people outside, strictest first. */
export const EXTERNAL = ["deny", "require_approval", "allow"] as const;

/** One of `EXTERNAL`. */
export type External = (typeof EXTERNAL)[number];

/** `content:`, of a team or the organisation. */
export interface ContentFile {
  readonly block?: readonly DetectorFile[];
  readonly flag?: readonly DetectorFile[];
  readonly unscannable?: Unscannable;
}

/** `groups:`, by name. */
export type GroupsFile = Readonly<Record<string, readonly Written<AddressPattern | Named<"group">>[]>>;

/** What may be done about attachments that cannot be read, strictest first. */
export const UNSCANNABLE = ["deny", "flag", "allow"] as const;

/** One of `UNSCANNABLE`. */
export type Unscannable = (typeof UNSCANNABLE)[number];

/** One entry of `content.block` and `content.flag`: a built-in detector's name, or a pattern. */
export type DetectorFile = BuiltinDetector | { readonly name: string; readonly pattern: string };

/** `attachments:`. A team must give `allow`; the organisation may bound any of the three. */
export interface AttachmentsFile {
  readonly allow?: readonly string[];
  readonly max_count?: number;
  readonly max_bytes?: Written<number>;
}

/** `limits:`, of a team or the organisation. */
export interface LimitsFile {
  readonly per_assistant?: Written<Rate>;
  readonly per_recipient?: Written<Rate>;
  readonly per_domain?: Written<Rate>;
  readonly per_user?: Written<Rate>;
  readonly team?: Written<Rate>;
}

/** `compose:`. Only a team has a `subject_prefix`. */
export interface ComposeFile {
  readonly subject_prefix?: string;
  readonly footer?: string;
  readonly cc?: readonly Written<Address>[];
  readonly bcc?: readonly Written<Address>[];
}

const copies = z.array(leaf.address("An address, which is no mailbox of the team itself")).max(10);

const composed = {
  footer: optional(
    leaf.footer("Markdown below the text of every email and reply, unless it ends so already"),
  ),
  cc: optional(copies.describe("Who gets a copy of every email and reply, seen by everybody"), "nobody"),
  bcc: optional(copies.describe("Who gets a copy of every email and reply, unseen by the others"), "nobody"),
};

/** Reads a team's `compose:`. */
export const composeSchema: z.ZodType<ComposeFile> = z
  .strictObject({
    subject_prefix: optional(
      leaf.subjectPrefix(
        'What the subject of every email but a reply begins with, unless it does already: "[Acme Support] "',
      ),
    ),
    ...composed,
  })
  .describe("What every email of the team gets before it is judged, and as a part of which it is judged");

/** Reads the organisation's `compose:`. */
export const organisationComposeSchema: z.ZodType<Omit<ComposeFile, "subject_prefix">> = z
  .strictObject(composed)
  .describe(
    "What every email of every team gets, besides what the team's own file adds; no team can drop it",
  );

/** `require:`. */
export interface RequireFile {
  readonly subject?: RequiredFile;
  readonly body?: RequiredFile;
}

/** A pattern, or one with what it wants in words. */
export type RequiredFile = string | { readonly pattern: string; readonly wanted: string };

function required(about: string): z.ZodType<RequiredFile> {
  const pattern = (about: string): z.ZodType<string> => leaf.re2(about, "require nothing");
  return z
    .union([
      pattern("A regular expression in RE2 syntax, which assistants are shown: (?i)case \\d{6}"),
      z
        .strictObject({
          pattern: pattern("A regular expression in RE2 syntax, which assistants are not shown"),
          wanted: leaf.text(
            'What is wanted, in words for assistants: "the case number, such as Case 123456"',
          ),
        })
        .describe("A pattern, and what it wants in words"),
    ])
    .describe(about);
}

/** Reads `require:`. */
export const requireSchema: z.ZodType<RequireFile> = z
  .strictObject({
    subject: optional(
      required(
        "What must be found in the subject of every email but a reply, whose subject MultiMail writes",
      ),
    ),
    body: optional(required("What must be found in the body of every email and reply")),
  })
  .describe("What every email must say, as it leaves: without it, it is denied");

/** Reads what to look for in an email: the name of a detector, or a pattern. */
export const detectorSchema: z.ZodType<DetectorFile> = z.union([
  z.enum(BUILTIN_DETECTORS).describe("A built-in detector"),
  z
    .strictObject({
      name: leaf
        .id("What findings are called")
        .refine((name) => !isBuiltin(name), "Must not be the name of a built-in detector"),
      pattern: leaf.re2("A regular expression in RE2 syntax: (?i)project\\s+falcon"),
    })
    .describe("A pattern of your own"),
]);

/** Reads `content:`. */
export const contentSchema: z.ZodType<ContentFile> = z
  .strictObject({
    block: optional(z.array(detectorSchema).describe("Email that says any of this is denied"), "nothing"),
    flag: optional(
      z
        .array(detectorSchema)
        .describe("Email that says any of this needs a person: without a gated mailbox it is denied"),
      "nothing",
    ),
    unscannable: optional(
      z.enum(UNSCANNABLE).describe("Attachments that cannot be read, such as pictures"),
      "flag, where anything is blocked or flagged",
    ),
  })
  .describe(
    "What email may not say; subject, body, file names, and what can be read of attachments are scanned",
  );

/** Reads `groups:` of a team or the organisation. */
export const groupsSchema: z.ZodType<GroupsFile> = z.record(
  leaf.id("A group"),
  listOf(
    leaf.recipient('An address, "*@partner.example", "*@*.partner.example" or another group: "group:name"'),
  ).describe("Who is in the group"),
);

const mediaTypes = z
  .array(leaf.mediaType("A media type such as application/pdf"))
  .describe("Media types of the files that may be attached");
const maxCount = z.int().min(1).max(50).describe("How many files an email may have");
const maxBytes = leaf.size("How large they may be together; 1MB is 1,000,000 bytes");

/** Reads a team's `attachments:`. */
export const attachmentsSchema: z.ZodType<AttachmentsFile & { readonly allow: readonly string[] }> = z
  .strictObject({
    allow: mediaTypes,
    max_count: optional(maxCount, "5"),
    max_bytes: optional(maxBytes, "5MB"),
  })
  .describe("Which files may be attached");

/** Reads the organisation's `attachments:`. */
export const attachmentBoundsSchema: z.ZodType<AttachmentsFile> = z
  .strictObject({
    allow: optional(mediaTypes, "any"),
    max_count: optional(maxCount, "any"),
    max_bytes: optional(maxBytes, "any"),
  })
  .describe("The widest that any team may allow");

const limits = {
  per_assistant: optional(leaf.rate("Email of one assistant: 50/day"), "no limit"),
  per_recipient: optional(leaf.rate("Email to one recipient: 5/day"), "no limit"),
  per_domain: optional(
    leaf.rate("Email to one domain, whoever is written to there; a subdomain is another one: 20/day"),
    "no limit",
  ),
  per_user: optional(
    leaf.rate(
      "Email for one person who asks an assistant, whichever assistant it is; without one it is denied: 10/hour",
    ),
    "no limit",
  ),
};

/** Reads `limits:` of a team or the organisation. */
export const limitsSchema: z.ZodType<LimitsFile> = z
  .strictObject({ ...limits, team: optional(leaf.rate("Email of the whole team: 500/day"), "no limit") })
  .describe("How many emails may be accepted in any rolling minute, hour, day or week");

/** Reads an assistant's `limits:`. */
export const assistantLimitsSchema: z.ZodType<Omit<LimitsFile, "team">> = z
  .strictObject(limits)
  .describe("Limits of this assistant, besides the team's");

/** A list that stands for somebody: where it were empty, what it says would be easy to misread. */
export function listOf<T>(entry: z.ZodType<T>): z.ZodArray<z.ZodType<T>> {
  return z.array(entry).min(1, "Must not be empty: name somebody, or leave the list out");
}

function isBuiltin(name: string): boolean {
  return BUILTIN_DETECTORS.some((builtin) => builtin === name);
}
