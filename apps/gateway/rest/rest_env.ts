import type { AssistantRef } from "@countersign/core/policy";

/** What a request of the REST door carries once its caller is known. */
export type RestEnv = { Variables: { caller: AssistantRef; requestId: string } };
