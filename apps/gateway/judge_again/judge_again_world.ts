import type { MultiMailClient } from "@countersign/multimail";
import type { World } from "../enforce/world.ts";

/** What judging again needs of the world. */
export interface JudgeAgainWorld
  extends Pick<World, "policies" | "trail" | "clock" | "stopOf" | "look" | "log" | "inspector"> {
  readonly live: Pick<World["live"], "get">;
  /** MultiMail for a mailbox, also of a team that is gone; the first that knows it is the right one. */
  readonly clientsOf: (mailboxId: string) => readonly MultiMailClient[];
}
