export { Background, type BackgroundOptions } from "./background.ts";
export { actionOfIntent, askerOfIntent, commitmentsOf } from "./email/action_of_intent.ts";
export {
  type AuthorisedEmail,
  comparedCommitments,
  compareEmail,
  type EmailComparison,
} from "./email/compare_email.ts";
export { type Decider, deciderOf } from "./email/decider_of.ts";
export { heldSince } from "./judging/held_since.ts";
export {
  type JudgingWorld,
  judgeWaitingEmail,
  readWaiting,
  type Waiting,
  wasHeld,
} from "./judging/judge_waiting_email.ts";
export { LiveMailboxes, type LiveMailboxesOptions } from "./live_mailboxes.ts";
export {
  carryOutNotice,
  type Delivery,
  type NoticeResult,
  type NoticeWorld,
} from "./notices/carry_out_notice.ts";
export {
  type ChannelHealth,
  NoticeLedger,
  type NoticeLedgerOptions,
  type OpenNotice,
  STALE_MS,
  type Told,
} from "./notices/notice_ledger.ts";
export {
  type NoticeMessage,
  type NoticeWords,
  noticeMessage,
  noticeWords,
  type WaitingFact,
} from "./notices/notice_message.ts";
export { appendOnce, type OnceEntry } from "./record/append_once.ts";
export { findingData } from "./record/finding_data.ts";
export { incomingReceipt, isIncomingReceipt, PENDING_INCOMING } from "./record/incoming_receipt.ts";
export {
  isLater,
  type ReceiptState,
  type ReceiptStatus,
  receiptState,
  shownCommitments,
} from "./record/receipt_state.ts";
export {
  maskAddresses,
  ownWords,
  recordableFinding,
  recordableMediaType,
  recordableText,
} from "./record/recordable_text.ts";
export { settledOutcome } from "./record/settled_outcome.ts";
export { signedApprovals } from "./record/signed_approvals.ts";
export { sinceLapse } from "./record/since_lapse.ts";
export { stopReason } from "./record/stop_reason.ts";
export { type DecisionInput, factsOf } from "./replay/facts_of.ts";
export {
  type ReplayedIntent,
  replayCommitments,
  replayIntent,
  type Unreplayable,
} from "./replay/replay_intent.ts";
export { type ReplayedRequest, replayTrail } from "./replay/replay_trail.ts";
