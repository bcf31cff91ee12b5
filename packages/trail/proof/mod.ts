export { parseProof } from "./parse_proof.ts";
export { proveRecords } from "./prove_records.ts";
export { formatTlogProof, isTlogProof, parseTlogProof } from "./tlog_proof.ts";
export type * from "./trail_proof.ts";
export { type VerifyProofOptions, verifyProof } from "./verify_proof.ts";
