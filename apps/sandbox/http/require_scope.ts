import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import type { Account, ApiKey, Scope } from "../account/account.ts";
import { ApiError } from "./api_error.ts";

/** What the sandbox's handlers find in their context. */
export interface SandboxEnv {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** Whose request it is, once `requireScope` has let it pass. */
    readonly key: ApiKey;
  };
}

/** Lets a request pass whose key has the scope or `admin`; 401 for an unknown key, 403 for one without the scope. */
export function requireScope(account: Account, scope: Scope): MiddlewareHandler<SandboxEnv> {
  return async (c, next) => {
    const secret = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const key = account.keys.get(secret ?? "");
    if (key === undefined) {
      throw new ApiError(401, secret === undefined ? "Missing API key" : "Invalid API key");
    }
    key.lastUsedAt = account.now();
    account.usage.apiCalls++;
    if (!key.scopes.includes(scope) && !key.scopes.includes("admin")) {
      throw new ApiError(403, `API key lacks the required scope: ${scope}`);
    }
    c.set("key", key);
    await next();
  };
}
