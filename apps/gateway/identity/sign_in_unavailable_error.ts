/** Nobody can say now whether a token is good: the identity provider cannot be asked. Nothing was done. */
export class SignInUnavailableError extends Error {
  override readonly name = "SignInUnavailableError";
  readonly code = "sign_in_unavailable";
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(
      "The identity provider cannot be asked whether this token is good; nothing was done, try again later",
    );
    this.retryAfterMs = retryAfterMs;
  }
}
