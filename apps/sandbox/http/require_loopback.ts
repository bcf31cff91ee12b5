import type { MiddlewareHandler } from "hono";
import { ApiError } from "./api_error.ts";
import type { SandboxEnv } from "./sandbox_env.ts";

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** Lets only this machine pass: the sandbox's own routes need no key. */
export const requireLoopback: MiddlewareHandler<SandboxEnv> = (c, next) => {
  if (!LOOPBACK.test(c.env.incoming.socket.remoteAddress ?? "")) {
    throw new ApiError(403, "The sandbox's own routes answer this machine only");
  }
  return next();
};
