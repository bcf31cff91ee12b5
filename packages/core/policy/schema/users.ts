import { z } from "zod";
import type { Address, AddressPattern } from "../../address/mod.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";
import { listOf } from "./sections.ts";

/** `users:` of an assistant. */
export interface UsersFile {
  readonly sign_in?: "none" | "required";
  readonly allow?: readonly Written<AddressPattern | Named<"group">>[];
  readonly claims?: readonly string[];
  readonly with_key?: boolean;
  readonly shared?: readonly Written<Address>[];
}

/** Reads `users:`. */
export const usersSchema: z.ZodType<UsersFile> = z
  .strictObject({
    sign_in: optional(
      z
        .enum(["none", "required"])
        .describe("Whether the people who ask the assistant sign in, each with an account of their own"),
      "none",
    ),
    allow: optional(
      listOf(leaf.recipient('An address, "*@acme.example", "*@*.acme.example" or "group:name"')).describe(
        "Who may use it, by address; those of claims may too",
      ),
      "only those of claims",
    ),
    claims: optional(
      listOf(leaf.claim("A group as the identity provider writes it into the claim of groups")).describe(
        "Who may use it, by group; those of allow may too",
      ),
      "only those of allow",
    ),
    with_key: optional(
      z
        .boolean()
        .describe(
          "Whether the assistant's key must come besides; false: nobody proves that it was this assistant, and the record says so",
        ),
      "true",
    ),
    shared: optional(
      listOf(leaf.address("An account's address")).describe(
        "Accounts that several people share and that so stand for nobody: refused, whatever else names them",
      ),
      "none",
    ),
  })
  .describe("Who may use the assistant");
