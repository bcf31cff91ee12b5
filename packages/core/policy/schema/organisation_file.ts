import { z } from "zod";
import type { Address, AddressPattern } from "../../address/mod.ts";
import { OVERSIGHT_MODES, type OversightMode } from "../oversight_mode.ts";
import type { Written } from "../values/written.ts";
import * as leaf from "./_leaves.ts";
import {
  type AttachmentsFile,
  attachmentBoundsSchema,
  type ContentFile,
  contentSchema,
  EXTERNAL,
  type External,
  type LimitsFile,
  limitsSchema,
} from "./sections.ts";

/** `teams/_organisation.yaml` as it is written, each value parsed. It bounds every team. */
export interface OrganisationFile {
  readonly internal?: readonly Written<AddressPattern>[];
  readonly oversight?: { readonly most_permissive: OversightMode };
  readonly recipients?: {
    readonly deny?: readonly Written<AddressPattern>[];
    readonly external?: External;
  };
  readonly content?: ContentFile;
  readonly attachments?: AttachmentsFile;
  readonly limits?: LimitsFile;
  readonly send_at?: { readonly at_most: Written<number> };
  readonly mailboxes?: Readonly<Record<string, ListedMailboxFile>>;
  readonly approvers_domain?: Written<AddressPattern>;
}

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
    api_key_env: leaf
      .variableName("The environment variable that holds the API key (default MULTIMAIL_API_KEY)")
      .exactOptional(),
  })
  .describe("The team's mailbox");

/** Reads `teams/_organisation.yaml`; the editor's schema is generated from it. */
export const organisationFileSchema: z.ZodType<OrganisationFile> = z
  .strictObject({
    internal: z
      .array(leaf.domain('A domain; "*.acme.example" is its subdomains'))
      .describe("Domains of our own people: no team may call others internal")
      .exactOptional(),
    oversight: z
      .strictObject({
        most_permissive: z.enum(OVERSIGHT_MODES).describe("The least strict mode that a team may have"),
      })
      .describe("What MultiMail holds for a person")
      .exactOptional(),
    recipients: z
      .strictObject({
        deny: z
          .array(leaf.pattern('An address, "*@partner.example" or "*@*.partner.example"'))
          .describe("Who must never be written to by any team; always wins")
          .exactOptional(),
        external: z
          .enum(EXTERNAL)
          .describe("The least strict that a team may be with people outside")
          .exactOptional(),
      })
      .describe("Who may be written to")
      .exactOptional(),
    content: contentSchema.exactOptional(),
    attachments: attachmentBoundsSchema.exactOptional(),
    limits: limitsSchema.exactOptional(),
    send_at: z
      .strictObject({ at_most: leaf.duration("How far ahead email may be scheduled (default 30d)", 366) })
      .describe("When email is asked to leave")
      .exactOptional(),
    mailboxes: z
      .record(leaf.id("A team"), mailbox)
      .describe("Which mailbox each team has: with this list, no team may have another")
      .exactOptional(),
    approvers_domain: leaf.domain("The domain at which every approver must be").exactOptional(),
  })
  .describe("Bounds for every team: a team may only be stricter");
