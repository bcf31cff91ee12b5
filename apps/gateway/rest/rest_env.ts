import type { Ticket } from "../door/admission.ts";
import type { Caller } from "../enforce/call.ts";

/** What a request of the REST door carries once its caller is known. */
export type RestEnv = { Variables: { caller: Caller; requestId: string; ticket: Ticket } };
