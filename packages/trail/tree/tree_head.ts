/** Size and root hash of the RFC 6962 tree. */
export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}
