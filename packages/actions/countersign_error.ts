/** Why a policy refused. */
export interface Reason {
  /** The rule's name. */
  readonly rule: string;
  /** What is wrong, for a person. */
  readonly message: string;
  /** Where the policy says so: `file:line`. */
  readonly where?: string;
}

/** What is known about a failed request. */
export interface CountersignFailure {
  /** Countersign's code, such as `policy_denied`; `unknown_outcome` when no answer came, or none that can be understood. */
  readonly code: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** Every rule that refused. */
  readonly reasons?: readonly Reason[];
  /** Names the record of the refusal; an auditor finds it by this. */
  readonly receipt?: string;
  readonly requestId?: string;
}

/** A request to Countersign was refused or failed. Its message is fit for a person, and never holds the key. */
export class CountersignError extends Error implements CountersignFailure {
  override readonly name = "CountersignError";
  readonly code: string;
  readonly reasons: readonly Reason[];
  declare readonly status?: number;
  declare readonly receipt?: string;
  declare readonly requestId?: string;

  constructor(message: string, failure: CountersignFailure) {
    super(message);
    this.code = failure.code;
    this.reasons = failure.reasons ?? [];
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.receipt !== undefined) this.receipt = failure.receipt;
    if (failure.requestId !== undefined) this.requestId = failure.requestId;
  }
}
