import { z } from "zod";
import type { Address } from "../../address/mod.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";
import { listOf } from "./sections.ts";

/** A person, a role's people, or whoever signs in with a claim. */
export type AccessFile = Written<Address | Named<"role"> | leaf.Claimed>;

/** `notify:` of the organisation. */
export interface NotifyFile {
  readonly channels: Readonly<Record<string, ChannelFile>>;
}

/** How notices can go out. */
export const CHANNEL_KINDS = ["slack", "teams", "webhook", "email"] as const;

/** One of `notify.channels:`. Which keys go with which kind is checked apart. */
export interface ChannelFile {
  readonly kind: (typeof CHANNEL_KINDS)[number];
  readonly url_env?: string;
  readonly secret_env?: string;
  readonly mailbox?: NotifyMailboxFile;
}

/** The mailbox of a channel. */
export interface NotifyMailboxFile {
  readonly id: string;
  readonly address: Written<Address>;
  readonly api_key_env?: string;
}

/** Reads `auditors:` and `operators:`; `about` says who they are. */
export function accessSchema(about: string): z.ZodType<readonly AccessFile[]> {
  return listOf(
    leaf.access('An address, "role:name", or "claim:value": a value of the claim of groups at sign-in'),
  ).describe(about);
}

const channel: z.ZodType<ChannelFile> = z
  .strictObject({
    kind: z
      .enum(CHANNEL_KINDS)
      .describe(
        "slack or teams: an incoming webhook; webhook: signed after the Standard Webhooks specification; email: to each person",
      ),
    url_env: optional(
      leaf.notifyVariable(
        "With slack, teams and webhook: the environment variable that holds the https URL, never the URL",
      ),
    ),
    secret_env: optional(
      leaf.notifyVariable(
        "With webhook: the environment variable that holds the secret (whsec_…), never the secret",
      ),
    ),
    mailbox: optional(
      z
        .strictObject({
          id: leaf.opaqueId("The mailbox's id at MultiMail"),
          address: leaf.address("The mailbox's address"),
          api_key_env: optional(
            leaf.variableName("The environment variable that holds the API key, never a key"),
            "MULTIMAIL_API_KEY",
          ),
        })
        .describe("With email: the mailbox that it is sent from, of no team, monitored or autonomous"),
    ),
  })
  .describe("A channel");

/** Reads the organisation's `notify:`. */
export const notifySchema: z.ZodType<NotifyFile> = z
  .strictObject({
    channels: z
      .record(leaf.id("A channel"), channel)
      .describe("Ways on which people are told that email waits, by name; never what is in it"),
  })
  .describe("How approvers are told; a team names a channel: notify: leads-chat");
