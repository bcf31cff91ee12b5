/** Options of every action. */
export interface ActionOptions {
  /** Where the gateway is, with or without `/v1`. @default the environment variable `COUNTERSIGN_URL` */
  readonly baseUrl?: string;
  /** Gives up. */
  readonly signal?: AbortSignal;
  /** For the whole request, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
}
