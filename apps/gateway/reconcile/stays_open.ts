/** What became of an intent cannot be found out now; the message says why. */
export class StaysOpen extends Error {
  override readonly name = "StaysOpen";
}
