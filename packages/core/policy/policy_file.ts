/** One file of the teams folder, as it lies there. */
export interface PolicyFile {
  /** Its name in the folder: `finance.yaml`. */
  readonly name: string;
  /** As people see it: `teams/finance.yaml`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}
