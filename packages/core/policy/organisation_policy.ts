import type { Delegation, Located, PolicyPerson } from "./team_policy.ts";
import type { Where } from "./where.ts";

/** What the organisation's file says besides its bounds, which are merged into every team's policy. Plain data. */
export interface OrganisationPolicy {
  /** Who may read the trail. */
  readonly auditors: Access;
  /** Who may look after mailboxes. */
  readonly operators: Access;
  /** By which notices go out, by name. */
  readonly channels: ReadonlyMap<string, NotifyChannel>;
  /** Who stands in for whom, in every team. */
  readonly delegates: readonly Delegation[];
}

/** Who has a right: people by their address, or by what their sign-in claims. */
export interface Access {
  readonly people: readonly PolicyPerson[];
  /** Values of the claim of groups. */
  readonly claims: readonly Located<string>[];
}

/** A way on which people are told that email waits. Names of environment variables, never what is in them. */
export type NotifyChannel =
  | {
      /** An incoming webhook of the chat. */
      readonly kind: "slack" | "teams";
      readonly urlEnv: string;
      readonly where: Where;
    }
  | {
      /** Signed after the Standard Webhooks specification. */
      readonly kind: "webhook";
      readonly urlEnv: string;
      readonly secretEnv: string;
      readonly where: Where;
    }
  | {
      /** Email to each person, from a mailbox of no team. */
      readonly kind: "email";
      readonly mailbox: NotifyMailbox;
      readonly where: Where;
    };

/** The mailbox from which notices are sent. */
export interface NotifyMailbox {
  readonly id: string;
  /** Canonical (`Address.address`). */
  readonly address: string;
  readonly apiKeyEnv: string;
}
