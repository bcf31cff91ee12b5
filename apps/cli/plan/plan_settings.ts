import type { Settings } from "@countersign/host";

/** What `plan` reads from the environment. */
export type PlanSetting =
  | "multimailApiUrl"
  | "multimailAdminKey"
  | "multimailOversightKey"
  | "multimailWebhookSecret"
  | "publicUrl";

/** The settings of {@linkcode PlanSetting}, for `parseEnv`. */
export const PLAN_SETTINGS: readonly PlanSetting[] = [
  "multimailApiUrl",
  "multimailAdminKey",
  "multimailOversightKey",
  "multimailWebhookSecret",
  "publicUrl",
] satisfies readonly (keyof Settings)[];
