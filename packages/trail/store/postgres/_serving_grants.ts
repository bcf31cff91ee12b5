/**
 * What a role needs that serves without owning the trail: it adds records and never changes or removes one. What it may
 * change besides is what is settled, lapses or is erased, and the head. A test goes through everything with these alone.
 */
export const SERVING_GRANTS: Readonly<Record<string, string>> = {
  trail: "SELECT",
  records: "SELECT, INSERT",
  nodes: "SELECT, INSERT",
  head: "SELECT, UPDATE",
  // Removed by an erasure, which is on record: verifying tells when it is not.
  sealed: "SELECT, INSERT, DELETE",
  recipients: "SELECT, INSERT, DELETE",
  policy_texts: "SELECT, INSERT",
  // Cosignatures come later.
  checkpoints: "SELECT, INSERT, UPDATE",
  rules: "SELECT, INSERT",
  open_intents: "SELECT, INSERT, UPDATE, DELETE",
  watched_emails: "SELECT, INSERT, UPDATE, DELETE",
  claims: "SELECT, INSERT, UPDATE, DELETE",
  reservations: "SELECT, INSERT, UPDATE, DELETE",
  reservation_marks: "SELECT, INSERT, UPDATE, DELETE",
  writers: "SELECT, INSERT, UPDATE, DELETE",
};

/** Tables that an erasure has written anew; from PostgreSQL 17 on another than the owner can be let do that. */
export const REWRITTEN: readonly string[] = ["sealed", "recipients"];
