/** Options of every action. */
export interface ActionOptions {
  /** Where the gateway is, with or without `/v1`. @default the environment variable `COUNTERSIGN_URL` */
  readonly baseUrl?: string;
  /** Gives up. */
  readonly signal?: AbortSignal;
  /** For the whole request, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
}

/** Options of an action that lets an email leave. */
export interface EmailOptions extends ActionOptions {
  readonly cc?: string | readonly string[];
  readonly bcc?: string | readonly string[];
  /** With the same key and content, asking again sends nothing twice. Make it from what the email is about. */
  readonly idempotencyKey?: string;
}
