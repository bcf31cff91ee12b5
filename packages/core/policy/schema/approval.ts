import { z } from "zod";
import type { Address, AddressPattern } from "../../address/mod.ts";
import type { ReasonWanted } from "../team_policy.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";
import { type DetectorFile, detectorSchema, listOf } from "./sections.ts";

/** One entry of a list of people. */
export type PersonFile = Written<Address | Named<"role">>;

/** What may be wanted of whoever decides, strictest first. */
export const REASONS: readonly ReasonWanted[] = ["always", "reject", "never"];

/** `approval:` of a team. */
export interface ApprovalFile {
  readonly by?: readonly PersonFile[];
  readonly needed?: number;
  readonly reason?: ReasonWanted;
  readonly expires?: Written<number>;
  readonly remind?: Written<number>;
  readonly escalate?: { readonly after: Written<number>; readonly to: readonly PersonFile[] };
  readonly classes?: readonly ApprovalClassFile[];
}

/** One of `approval.classes:`. */
export interface ApprovalClassFile {
  readonly when: {
    readonly content?: readonly DetectorFile[];
    readonly recipients?: readonly Written<AddressPattern | Named<"group">>[];
    readonly attachments?: true;
  };
  readonly needed?: number;
  readonly by?: readonly PersonFile[];
}

/** `approval:` of the organisation. */
export type ApprovalBoundsFile = Pick<ApprovalFile, "needed" | "expires" | "reason">;

/** One of `delegates:`. */
export interface DelegateFile {
  readonly from: PersonFile;
  readonly to: PersonFile;
  readonly until: Written<number>;
  readonly reason: string;
}

/** More people than these decide on nothing together. */
const MOST_NEEDED = 9;
const MOST_CLASSES = 20;
const MOST_DELEGATES = 200;

const person = 'A person\'s address, or "role:name"';
const needed = z.int().min(1).max(MOST_NEEDED);

const approvalClass: z.ZodType<ApprovalClassFile> = z
  .strictObject({
    when: z
      .strictObject({
        content: optional(
          z
            .array(detectorSchema)
            .min(1, "Must not be empty: name something, or leave the list out")
            .describe(
              "It says any of this; an attachment that cannot be read may, unless content.unscannable is allow",
            ),
        ),
        recipients: optional(
          listOf(
            leaf.recipient('An address, "*@partner.example", "*@*.partner.example" or "group:name"'),
          ).describe("It reaches any of these, plus-tags or not"),
        ),
        attachments: optional(z.literal(true).describe("It has files: true")),
      })
      .describe("Which email: all that is named here must fit"),
    needed: optional(needed.describe("How many different people of by must approve"), "1"),
    by: optional(
      listOf(leaf.person(person)).describe("Who may approve email of this class"),
      "those of approval.by",
    ),
  })
  .describe("Email that needs more than other email");

/** Reads a team's `approval:`. */
export const approvalSchema: z.ZodType<ApprovalFile> = z
  .strictObject({
    by: optional(listOf(leaf.person(person)).describe("Who may approve email"), "approvers"),
    needed: optional(needed.describe("How many different people of them must approve; 2: four eyes"), "1"),
    reason: optional(
      z.enum(["always", "reject", "never"]).describe("When whoever decides must say why"),
      "reject",
    ),
    expires: optional(
      leaf.duration("After so long, an email on which nobody decided is taken back: 48h"),
      "never",
    ),
    remind: optional(
      leaf.duration("After each of these, people are told again of email that waits: 4h"),
      "never",
    ),
    escalate: optional(
      z
        .strictObject({
          after: leaf.duration("After so long: 24h"),
          to: listOf(leaf.person(person)).describe("Who may decide too, as one of by; of no class"),
        })
        .describe("Who may decide too when nobody did"),
      "nobody",
    ),
    classes: optional(
      z
        .array(approvalClass)
        .max(MOST_CLASSES)
        .describe("Email that needs more: every class that fits wants its own people, besides those above"),
      "none",
    ),
  })
  .describe("Who decides in the console on email that is held, and in what time");

/** Reads the organisation's `approval:`. */
export const approvalBoundsSchema: z.ZodType<ApprovalBoundsFile> = z
  .strictObject({
    needed: optional(needed.describe("The least that any team may want to approve every email"), "1"),
    expires: optional(leaf.duration("The longest that email of any team may wait"), "any time"),
    reason: optional(
      z.enum(["always", "reject", "never"]).describe("The least that must be said of a decision"),
      "never",
    ),
  })
  .describe("What every team's approval must have");

/** Reads `delegates:` of a team or the organisation. */
export const delegatesSchema: z.ZodType<readonly DelegateFile[]> = z
  .array(
    z
      .strictObject({
        from: leaf.person('Who is away: an address, or "role:name" for each of the role'),
        to: leaf.person('Who decides in their place: an address, or "role:name" for any of the role'),
        until: leaf.expiry(
          "The last day on which it holds, in the time zone of the file's hours (without hours: UTC): 2026-12-31",
        ),
        reason: leaf.text("Why, for the auditor"),
      })
      .describe("One of them"),
  )
  .max(MOST_DELEGATES);
