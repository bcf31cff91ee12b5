import { type Kind, WHO_AND_WHY } from "./kind.ts";
import type { Commitment } from "./sealed.ts";

/** `data` of an `access` record: somebody asked for bodies, of the record's receipt or for an export, and got them or not. */
export type AccessData = {
  readonly result: "granted" | "refused";
  readonly asked: "bodies" | "bodies_and_attachments" | "export";
  /** Where they asked. */
  readonly over: "cli" | "console";
  /** Who, and why they say they need it. */
  readonly by: Commitment;
  readonly reason: Commitment;
};

/** An `access`'s commitments, and what it means to others. */
export const ACCESS: Kind = { commitments: WHO_AND_WHY, person: "by" };
