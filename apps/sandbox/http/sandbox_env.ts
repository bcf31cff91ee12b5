import type { HttpBindings } from "@hono/node-server";
import type { ApiKey } from "../account/api_key.ts";

/** What the sandbox's handlers find in their context. */
export interface SandboxEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** Whose request it is, once `requireScope` has let it pass. */
    readonly key: ApiKey;
  };
}
