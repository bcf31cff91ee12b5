export { type Account, isSameAccount, type WrittenFor } from "./account.ts";
export { type ApprovalTimes, approvalTimes, nextReminder } from "./approval_times.ts";
export { decidersOf } from "./deciders_of.ts";
export { delegationsOf, standInsAt } from "./delegations.ts";
export {
  type DueNotice,
  type DueNoticeOptions,
  dueNotice,
  EMAIL_AFTER_MS,
  type NoticeAbout,
  type NoticedEmail,
} from "./due_notice.ts";
export { endedDelegations } from "./ended_delegations.ts";
export type * from "./given_decision.ts";
export { type MayDecide, mayDecide } from "./may_decide.ts";
export { type PeopleToTellOptions, peopleToTell } from "./people_to_tell.ts";
export { peopleOf, requiredApproval } from "./required_approval.ts";
export { type RequirementTally, type Tally, type TallyOptions, tally } from "./tally.ts";
export { type ShownJudgement, whatGrew } from "./what_grew.ts";
