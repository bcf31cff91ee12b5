import { z } from "zod";
import type { Address, AddressPattern } from "../../address/mod.ts";
import { OVERSIGHT_MODES, type OversightMode } from "../oversight_mode.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";
import { type AccessFile, accessSchema, type NotifyFile, notifySchema } from "./access.ts";
import {
  type ApprovalBoundsFile,
  approvalBoundsSchema,
  type DelegateFile,
  delegatesSchema,
} from "./approval.ts";
import { type HolidaysFile, type HoursFile, holidaysSchema, hoursSchema } from "./hours.ts";
import {
  type AttachmentsFile,
  attachmentBoundsSchema,
  type ComposeFile,
  type ContentFile,
  contentSchema,
  EXTERNAL,
  type External,
  type GroupsFile,
  groupsSchema,
  type LimitsFile,
  limitsSchema,
  listOf,
  organisationComposeSchema,
} from "./sections.ts";

/** `teams/_organisation.yaml` as it is written, each value parsed. It bounds every team. */
export interface OrganisationFile {
  readonly internal?: readonly Written<AddressPattern>[];
  readonly groups?: GroupsFile;
  readonly roles?: RolesFile;
  readonly holidays?: HolidaysFile;
  readonly oversight?: { readonly most_permissive: OversightMode };
  readonly recipients?: {
    readonly deny?: readonly Written<AddressPattern | Named<"group">>[];
    readonly external?: External;
  };
  readonly content?: ContentFile;
  readonly attachments?: AttachmentsFile;
  readonly limits?: LimitsFile;
  readonly hours?: HoursFile;
  readonly compose?: Omit<ComposeFile, "subject_prefix">;
  readonly send_at?: { readonly at_most: Written<number> };
  readonly mailboxes?: Readonly<Record<string, ListedMailboxFile>>;
  readonly approvers_domain?: Written<AddressPattern>;
  readonly approval?: ApprovalBoundsFile;
  readonly delegates?: readonly DelegateFile[];
  readonly notify?: NotifyFile;
  readonly auditors?: readonly AccessFile[];
  readonly operators?: readonly AccessFile[];
}

/** `roles:`, by name. */
export type RolesFile = Readonly<Record<string, readonly Written<Address>[]>>;

/** One of `mailboxes:`, by team. */
export interface ListedMailboxFile {
  readonly id: string;
  readonly address: Written<Address>;
  readonly api_key_env?: string;
}

const mailbox: z.ZodType<ListedMailboxFile> = z
  .strictObject({
    id: leaf.opaqueId("The mailbox's id at MultiMail"),
    address: leaf.address("The mailbox's address"),
    api_key_env: optional(
      leaf.variableName("The environment variable that holds the API key"),
      "MULTIMAIL_API_KEY",
    ),
  })
  .describe("The team's mailbox");

/** Reads `teams/_organisation.yaml`; the editor's schema and the reference are generated from it. */
export const organisationFileSchema: z.ZodType<OrganisationFile> = z
  .strictObject({
    internal: optional(
      z
        .array(leaf.domain('A domain; "*.acme.example" is its subdomains'))
        .describe("Domains of our own people: no team may call others internal"),
      "each team's own",
    ),
    groups: optional(
      groupsSchema.describe(
        "Lists of recipients by name, for every team: group:name stands for one wherever recipients are listed, but in skip_approval",
      ),
      "none",
    ),
    roles: optional(
      z
        .record(leaf.id("A role"), listOf(leaf.address("A person's address")).describe("Who has the role"))
        .describe("Lists of people by name: role:name stands for one wherever people are listed"),
      "none",
    ),
    holidays: optional(holidaysSchema.describe("Lists of days by name, for hours: holidays: [fr]"), "none"),
    oversight: optional(
      z
        .strictObject({
          most_permissive: z.enum(OVERSIGHT_MODES).describe("The least strict mode that a team may have"),
        })
        .describe("What MultiMail holds for a person"),
      "any mode",
    ),
    recipients: optional(
      z
        .strictObject({
          deny: optional(
            z
              .array(leaf.recipient('An address, "*@partner.example", "*@*.partner.example" or "group:name"'))
              .describe("Who must never be written to by any team; always wins"),
            "nobody",
          ),
          external: optional(
            z.enum(EXTERNAL).describe("The least strict that a team may be with people outside"),
            "allow",
          ),
        })
        .describe("Who may be written to"),
    ),
    content: optional(contentSchema),
    attachments: optional(attachmentBoundsSchema),
    limits: optional(limitsSchema),
    hours: optional(
      hoursSchema("The widest hours that any team or assistant may have; those of a team that has none", {
        outside: "deny",
      }),
      "any",
    ),
    compose: optional(organisationComposeSchema, "nothing"),
    send_at: optional(
      z
        .strictObject({ at_most: leaf.duration("How far ahead email may be scheduled", 366) })
        .describe("When email is asked to leave"),
      "30d",
    ),
    mailboxes: optional(
      z
        .record(leaf.id("A team"), mailbox)
        .describe("Which mailbox each team has: with this list, no team may have another"),
      "each team's own",
    ),
    approvers_domain: optional(leaf.domain("The domain at which every approver must be"), "any"),
    approval: optional(approvalBoundsSchema),
    delegates: optional(
      delegatesSchema.describe(
        "Who decides in whose place for a while, in every team whose email they may decide on",
      ),
      "nobody",
    ),
    notify: optional(notifySchema, "nobody is told"),
    auditors: optional(accessSchema("Who may read the trail in the console"), "nobody"),
    operators: optional(accessSchema("Who may look after mailboxes in the console"), "nobody"),
  })
  .describe("Bounds for every team: a team may only be stricter");
