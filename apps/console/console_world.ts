import type { PolicySet } from "@countersign/core/policy";
import type { ConsoleSetting, Environment, Settings } from "@countersign/host";
import type { TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import type { Deciding } from "./deciding/open_deciding.ts";
import type { Notices } from "./notices/notices.ts";
import type { Roles } from "./people/roles.ts";
import type { ConsoleKey } from "./store/console_key.ts";
import type { ConsoleStore, Preferences, Session } from "./store/console_store.ts";

/** What the console is started with. */
export type ConsoleSettings = Pick<Settings, ConsoleSetting>;

/** What every page works with. */
export interface ConsoleWorld {
  /** `consoleUrl` is where it is reached, also when it chose its port itself. */
  readonly settings: ConsoleSettings;
  /** The policies in force at this moment. */
  readonly policies: () => PolicySet;
  readonly trail: TrailStore;
  readonly store: ConsoleStore;
  /** What waits for people, and what it is decided with. */
  readonly deciding: Deciding;
  /** Tells people that email waits. */
  readonly notices: Notices;
  /** Signs what people decide. */
  readonly signingKey: ConsoleKey;
  /** Looks up the oversight keys that belong to the API keys that policies name by variable. */
  readonly env: Environment;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
}

/** Who asks for a page. */
export interface SignedIn {
  readonly session: Session;
  readonly roles: Roles;
  /** Every form of this session holds it: nobody else knows it. */
  readonly formToken: string;
  /** By which the console's store knows the session. */
  readonly sessionHash: string;
  readonly preferences: Preferences;
  /** Epoch milliseconds, by the console's clock. */
  readonly now: number;
}

/** What Hono's handlers of pages find in their context. */
export interface PageEnv {
  readonly Variables: { readonly person: SignedIn };
}
