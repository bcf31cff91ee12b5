import type { AppendResult, TrailStore } from "@countersign/trail";

/** Does an append, whichever it is. */
export type AroundAppend = <Result extends AppendResult | readonly AppendResult[]>(
  append: () => Promise<Result>,
) => Promise<Result>;

/** The same trail, with something around each append. */
export function withAppend(trail: TrailStore, around: AroundAppend): TrailStore {
  return {
    append: (entry) => around(() => trail.append(entry)),
    tryAppend: (entry) => around(() => trail.tryAppend(entry)),
    tryAppendAll: (entries) => around(() => trail.tryAppendAll(entries)),
    appendAll: (entries) => around(() => trail.appendAll(entries)),
    findClaim: (claims, now) => trail.findClaim(claims, now),
    head: () => trail.head(),
    hashes: (level, first, count) => trail.hashes(level, first, count),
    pages: () => trail.pages(),
    records: (filter) => trail.records(filter),
    count: (filter) => trail.count(filter),
    recordsOf: (receipt) => trail.recordsOf(receipt),
    openIntents: (of) => trail.openIntents(of),
    watchedEmails: (of) => trail.watchedEmails(of),
    receiptOf: (email) => trail.receiptOf(email),
    latestReceipt: (team, assistant) => trail.latestReceipt(team, assistant),
    firstOutsideRead: (team, since) => trail.firstOutsideRead(team, since),
    usage: (counters, now) => trail.usage(counters, now),
    unseal: (commitments) => trail.unseal(commitments),
    policyText: (hash) => trail.policyText(hash),
    values: (filter) => trail.values(filter),
    checkpoints: (filter) => trail.checkpoints(filter),
    replaceNote: (seq, note) => trail.replaceNote(seq, note),
    scrub: () => trail.scrub(),
    close: () => trail.close(),
  };
}
