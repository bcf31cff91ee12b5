import { z } from "zod";
import { ACTION_NAMES, type ActionName } from "../../action/mod.ts";
import type { Address, AddressPattern } from "../../address/mod.ts";
import { OVERSIGHT_MODES, type OversightMode } from "../oversight_mode.ts";
import { RULE_NAMES, type RuleName } from "../rule_names.ts";
import type { Reaction } from "../team_policy.ts";
import type { Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import { KEY_FACTS, optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";
import {
  type ApprovalFile,
  approvalSchema,
  type DelegateFile,
  delegatesSchema,
  type PersonFile,
} from "./approval.ts";
import { type HoursFile, hoursSchema } from "./hours.ts";
import {
  type AttachmentsFile,
  assistantLimitsSchema,
  attachmentsSchema,
  type ComposeFile,
  type ContentFile,
  composeSchema,
  contentSchema,
  EXTERNAL,
  type External,
  type GroupsFile,
  groupsSchema,
  type LimitsFile,
  limitsSchema,
  type RequireFile,
  requireSchema,
} from "./sections.ts";
import { type UsersFile, usersSchema } from "./users.ts";

/** `teams/<team>.yaml` as it is written, each value parsed. What a key means is said in the schema below. */
export interface TeamFile {
  readonly team: string;
  readonly description?: string;
  readonly mailbox: MailboxFile;
  readonly oversight?: OversightMode;
  readonly approvers?: readonly PersonFile[];
  readonly approval?: ApprovalFile;
  readonly delegates?: readonly DelegateFile[];
  readonly notify?: string | readonly string[];
  readonly assistants: readonly AssistantFile[];
  readonly groups?: GroupsFile;
  readonly recipients?: RecipientsFile;
  readonly content?: ContentFile;
  readonly attachments?: AttachmentsFile & { readonly allow: readonly string[] };
  readonly limits?: LimitsFile;
  readonly hours?: HoursFile;
  readonly compose?: ComposeFile;
  readonly require?: RequireFile;
  readonly overlap?: OverlapFile;
  readonly first_contact?: Reaction;
  readonly after_outside_mail?: AfterOutsideMailFile;
  readonly rules?: Readonly<Partial<Record<RuleName, "enforce" | "warn">>>;
  readonly exceptions?: readonly ExceptionFile[];
}

/** One entry of a list of recipients. */
export type RecipientFile = Written<AddressPattern | Named<"group">>;

/** `mailbox:`. */
export interface MailboxFile {
  readonly id: string;
  readonly address: Written<Address>;
  readonly api_key_env?: string;
  readonly auto_cc?: Written<Address>;
  readonly auto_bcc?: Written<Address>;
}

/** One of `assistants:`. */
export interface AssistantFile {
  readonly id: string;
  readonly dust_agent?: string;
  readonly keys?: readonly string[];
  readonly actions?: readonly ActionName[];
  readonly recipients?: { readonly allow?: readonly RecipientFile[] };
  readonly limits?: Omit<LimitsFile, "team">;
  readonly hours?: HoursFile;
  readonly users?: UsersFile;
}

/** `recipients:`. */
export interface RecipientsFile {
  readonly internal?: readonly Written<AddressPattern>[];
  readonly external?: External;
  readonly skip_approval?: readonly Written<AddressPattern>[];
  readonly allow?: readonly RecipientFile[];
  readonly deny?: readonly RecipientFile[];
  readonly max_per_email?: number;
}

/** `overlap:`. */
export interface OverlapFile {
  readonly window?: Written<number>;
  readonly similarity?: number;
  readonly action?: Reaction;
}

/** `after_outside_mail:`. */
export interface AfterOutsideMailFile {
  readonly window?: Written<number>;
  readonly new_external?: External;
  readonly inbound?: "outside" | "all";
}

/** One of `exceptions:`. */
export interface ExceptionFile {
  readonly rule: RuleName;
  readonly assistants?: readonly string[];
  readonly recipients?: readonly RecipientFile[];
  readonly reason: string;
  readonly owner: Written<Address>;
  readonly from?: Written<number>;
  readonly expires: Written<number>;
}

/** More channels than these tell nobody anything new. */
const MOST_CHANNELS = 5;

const VERDICTS = ["allow", "flag", "deny"] as const;

const patterns = z.array(
  leaf.recipient('An address, "*@partner.example", "*@*.partner.example" or "group:name"'),
);

const mailbox: z.ZodType<MailboxFile> = z
  .strictObject({
    id: leaf.opaqueId("The mailbox's id at MultiMail"),
    address: leaf.address("The mailbox's address"),
    api_key_env: optional(
      leaf.variableName("The environment variable that holds the API key, never a key"),
      "MULTIMAIL_API_KEY",
    ),
    auto_cc: optional(
      leaf.address("The automatic Cc that the mailbox has at MultiMail"),
      "it must have none",
    ),
    auto_bcc: optional(
      leaf.address("The automatic Bcc that the mailbox has at MultiMail"),
      "it must have none",
    ),
  })
  .describe("The team's mailbox at MultiMail");

const assistant: z.ZodType<AssistantFile> = z
  .strictObject({
    id: leaf.id("The assistant's name, unique in its team"),
    dust_agent: optional(leaf.opaqueId("The agent's sId in Dust"), "not said"),
    keys: optional(
      z
        .array(leaf.keyHash("sha256: and the SHA-256 of the whole key in hexadecimal"))
        .max(2)
        .describe("Hashes of its keys: one, or two while rotating"),
      "none, it cannot call",
    ),
    actions: optional(z.array(z.enum(ACTION_NAMES)).describe("What it may do"), "all but report"),
    recipients: optional(
      z
        .strictObject({
          allow: optional(
            patterns.describe("Whom of those it may write to; [] is nobody"),
            "all whom the team may write to",
          ),
        })
        .describe("Narrows the team's recipients, never widens them"),
    ),
    limits: optional(assistantLimitsSchema),
    hours: optional(
      hoursSchema("When email of this assistant may leave, instead of the team's hours and their holidays", {
        outside: "as the team's, or deny",
      }),
      "the team's",
    ),
    users: optional(usersSchema, "whoever has its key"),
  })
  .describe("One assistant");

const recipients: z.ZodType<RecipientsFile> = z
  .strictObject({
    internal: optional(
      z
        .array(leaf.domain('A domain; "*.acme.example" is its subdomains'))
        .describe("Domains of our own people"),
      "the organisation's",
    ),
    external: optional(
      z.enum(EXTERNAL).describe("Whether people outside may be written to"),
      "require_approval",
    ),
    skip_approval: optional(
      z
        .array(leaf.allowlistPattern('An address, "*@partner.example" or "*@*.partner.example"'))
        .describe(
          "With gated_send only: who is written to without approval. MultiMail's allowlist must be exactly this",
        ),
      "nobody",
    ),
    allow: optional(patterns.describe("Who may be written to; [] is nobody"), "anyone the rules permit"),
    deny: optional(patterns.describe("Who must never be written to; always wins"), "nobody"),
    max_per_email: optional(
      z.int().min(1).max(150).describe("How many recipients an email may have in To, Cc and Bcc together"),
      "10",
    ),
  })
  .describe("Who may be written to");

const overlap: z.ZodType<OverlapFile> = z
  .strictObject({
    window: optional(leaf.duration("How far back to compare"), "24h"),
    similarity: optional(z.number().min(0).max(1).describe("From what likeness on, 0 to 1"), "0.6"),
    action: optional(z.enum(VERDICTS).describe("What to do"), "flag"),
  })
  .describe("When another assistant wrote to the same people about the same thing");

const afterOutsideMail: z.ZodType<AfterOutsideMailFile> = z
  .strictObject({
    window: optional(leaf.duration("For how long"), "1h"),
    new_external: optional(
      z
        .enum(EXTERNAL)
        .describe("Whether people outside, to whom no email had left before, may be written to"),
      "require_approval",
    ),
    inbound: optional(
      z
        .enum(["outside", "all"])
        .describe(
          "What counts as mail from outside: by its From, or all that is received, since a From can be forged",
        ),
      "outside",
    ),
  })
  .describe("After anybody of the team has read mail from outside");

const ruleNames = Object.keys(RULE_NAMES).filter(isRuleName);
const optionalRules = ruleNames.filter((name) => RULE_NAMES[name].optional);

const rules: z.ZodType<NonNullable<TeamFile["rules"]>> = z
  .strictObject(
    Object.fromEntries(
      ruleNames.map((name) => [
        name,
        optional(
          (RULE_NAMES[name].optional
            ? z.enum(["enforce", "warn"])
            : z.literal("enforce", { error: () => `Must be "enforce": a team cannot loosen rule "${name}"` })
          ).describe(RULE_NAMES[name].about),
          "enforce",
        ),
      ]),
    ),
  )
  .describe("Rules that only warn, while they are being introduced");

const exception: z.ZodType<ExceptionFile> = z
  .strictObject({
    rule: z
      .enum(ruleNames)
      .refine((name) => RULE_NAMES[name].optional, {
        error: ({ input }) => `Must be another rule: a team cannot except "${input}"`,
      })
      .describe(`The rule that is lifted: ${optionalRules.join(", ")}`)
      .register(KEY_FACTS, { form: "name of a rule" }),
    assistants: optional(z.array(z.string()).describe("For these assistants"), "all"),
    recipients: optional(patterns.describe("For these recipients"), "all"),
    reason: leaf.text("Why, for the auditor"),
    owner: leaf.address("Who answers for it"),
    from: optional(leaf.expiry("The first day on which it holds: 2026-12-01"), "at once"),
    expires: leaf.expiry(
      "The last day on which it holds, in the time zone of the hours (without hours: UTC): 2026-12-31",
    ),
  })
  .describe("Lifts one rule until a day");

/** Reads `teams/<team>.yaml`; the editor's schema and the reference are generated from it. */
export const teamFileSchema: z.ZodType<TeamFile> = z
  .strictObject({
    team: leaf.id("The file's name without .yaml"),
    description: optional(leaf.text("What the team writes email for"), "not said"),
    mailbox,
    oversight: optional(z.enum(OVERSIGHT_MODES).describe("What MultiMail holds for a person"), "gated_send"),
    approvers: optional(
      z
        .array(leaf.person('A person\'s address, or "role:name"'))
        .describe(
          "Who may approve email, in short for approval.by; one of them is required with gated_all and gated_send",
        ),
      "those of approval.by, or nobody",
    ),
    approval: optional(approvalSchema),
    delegates: optional(
      delegatesSchema.describe(
        "Who decides in whose place for a while. The two are one person: they do not count twice, nor decide for each other's assistants",
      ),
      "nobody",
    ),
    notify: optional(
      z
        .union([
          leaf.id("A channel"),
          z
            .array(leaf.id("A channel"))
            .min(1, "Must not be empty: name a channel, or leave it out")
            .max(MOST_CHANNELS),
        ])
        .describe(
          "The organisation's channel by which approvers are told, or several: [leads-chat, leads-mail]",
        ),
      "none",
    ),
    assistants: z.array(assistant).describe("The assistants; nobody else may use the mailbox"),
    groups: optional(
      groupsSchema.describe(
        "Lists of recipients by name, beside the organisation's: group:name stands for one",
      ),
      "none",
    ),
    recipients: optional(recipients),
    content: optional(contentSchema),
    attachments: optional(attachmentsSchema, "none"),
    limits: optional(limitsSchema),
    hours: optional(
      hoursSchema("When email may leave", { outside: "deny" }),
      "the organisation's, or always",
    ),
    compose: optional(composeSchema, "nothing"),
    require: optional(requireSchema, "nothing"),
    overlap: optional(overlap, "nothing"),
    first_contact: optional(
      z.enum(VERDICTS).describe("For a recipient whom the team never wrote to or heard from"),
      "allow",
    ),
    after_outside_mail: optional(afterOutsideMail, "nothing"),
    rules: optional(rules),
    exceptions: optional(z.array(exception).describe("Rules that are lifted until a day"), "none"),
  })
  .describe("What one team's assistants may do with email");

function isRuleName(name: string): name is RuleName {
  return Object.hasOwn(RULE_NAMES, name);
}
