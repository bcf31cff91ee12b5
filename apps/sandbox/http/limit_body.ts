import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "./api_error.ts";

/** In bytes. MultiMail's own bound is unknown; Postmark, which sends for it, takes 10 MB. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

function refuse(): never {
  throw new ApiError(413, `Request body is larger than ${MAX_BODY_BYTES} bytes`);
}

const limitUndeclared = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuse });

/** Refuses a body that is too large with 413. A declared length is enough: the HTTP parser holds the sender to it. */
export const limitBody: MiddlewareHandler = (c, next) => {
  if (c.req.header("transfer-encoding") !== undefined) return limitUndeclared(c, next);
  if (Number(c.req.header("content-length") ?? 0) > MAX_BODY_BYTES) refuse();
  return next();
};
