/** The trail cannot be read or written now: full disk, lost database, locked file. Nothing may be sent. */
export class TrailUnavailableError extends Error {
  override readonly name = "TrailUnavailableError";
  readonly code = "trail_unavailable";
}
