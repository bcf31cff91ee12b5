import { z } from "zod";
import { type Codec, member, shape } from "../codec/shape.ts";

/** An answer that says only how things are, in MultiMail's words. */
export interface Status {
  readonly status: string;
}

/** An answer with a `status`. */
export const STATUS: Codec<Status> = shape<Status>({ status: member("status", z.string()) });
