/** A file of an evidence pack that is read. */
export interface PackFile {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}
