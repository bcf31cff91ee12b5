import type { Settings } from "./settings.ts";

/** The environment variable of each setting. */
export const SETTING_VARIABLES: Readonly<Record<keyof Settings, string>> = {
  host: "HOST",
  port: "PORT",
  sandboxPort: "SANDBOX_PORT",
  dataDir: "DATA_DIR",
  teamsDir: "TEAMS_DIR",
  multimailApiUrl: "MULTIMAIL_API_URL",
  multimailApiKey: "MULTIMAIL_API_KEY",
  multimailOversightKey: "MULTIMAIL_OVERSIGHT_KEY",
  multimailAdminKey: "MULTIMAIL_ADMIN_KEY",
  multimailWebhookSecret: "MULTIMAIL_WEBHOOK_SECRET",
  databaseUrl: "DATABASE_URL",
  auditSigningKey: "AUDIT_SIGNING_KEY",
  auditOrigin: "AUDIT_ORIGIN",
  auditCheckpointInterval: "AUDIT_CHECKPOINT_INTERVAL",
  auditCheckpointTo: "AUDIT_CHECKPOINT_TO",
  auditWitnesses: "AUDIT_WITNESSES",
  auditBodyReaders: "AUDIT_BODY_READERS",
  auditBodyRetention: "AUDIT_BODY_RETENTION",
  publicUrl: "PUBLIC_URL",
  requestsPerMinute: "REQUESTS_PER_MINUTE",
  allowedHosts: "ALLOWED_HOSTS",
  logLevel: "LOG_LEVEL",
};
