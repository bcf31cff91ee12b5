/** Every code that a caller can meet, and the HTTP status that goes with it. The one table of both doors. */
export const STATUS_OF_CODE = {
  invalid_request: 400,
  invalid_json: 400,
  missing_key: 401,
  unknown_key: 401,
  policy_denied: 403,
  mailbox_not_allowed: 403,
  action_not_allowed: 403,
  route_not_governed: 403,
  not_found: 404,
  request_timeout: 408,
  idempotency_conflict: 409,
  not_cancellable: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  multimail_rejected: 422,
  limit_reached: 429,
  too_many_requests: 429,
  multimail_quota: 429,
  multimail_rate: 429,
  internal_error: 500,
  multimail_auth: 502,
  gateway_busy: 503,
  multimail_unavailable: 503,
  mailbox_unverified: 503,
  trail_unavailable: 503,
} as const;

/** A code that a caller can meet. */
export type Code = keyof typeof STATUS_OF_CODE;
