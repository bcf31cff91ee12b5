import type { CommandEntry } from "./command_entry.ts";
import { PLAN_SETTINGS } from "./plan/plan_settings.ts";

const POLICIES = "Policies:";
const KEYS = "Assistants:";
const MULTIMAIL = "MultiMail:";
const DECIDING = "Deciding on email that waits:";
const TRAIL = "The audit trail:";
const SERVING = "Serving:";
const SHELL = "Your shell:";

const TRAIL_PLACE = ["dataDir", "databaseUrl"] as const;
const PLAN = ["teamsDir", "multimailApiKey", ...PLAN_SETTINGS] as const;

/** Every command, in the order of the help. */
export const COMMAND_TABLE: readonly CommandEntry[] = [
  {
    name: "init",
    group: POLICIES,
    summary: "write a first team file, asked for or from flags",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/init.ts")).initCommand(),
  },
  {
    name: "check",
    group: POLICIES,
    summary: "show every problem in every policy",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/check.ts")).checkCommand(),
  },
  {
    name: "lint",
    group: POLICIES,
    summary: "show what is legal in the policies and surely not meant",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/lint.ts")).lintCommand(),
  },
  {
    name: "explain",
    group: POLICIES,
    summary: "say in plain sentences what a team or an assistant may do",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/explain.ts")).explainCommand(),
  },
  {
    name: "decide",
    group: POLICIES,
    summary: "tell what would be decided about a request, and why",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/decide.ts")).decideCommand(),
  },
  {
    name: "test",
    group: POLICIES,
    summary: "run the tests beside the policies",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/test.ts")).testCommand(),
  },
  {
    name: "diff",
    group: POLICIES,
    summary: "say what a change of policies newly lets through, or no longer",
    reads: [...TRAIL_PLACE, "teamsDir"],
    load: async () => (await import("./commands/diff.ts")).diffCommand(),
  },
  {
    name: "replay",
    group: POLICIES,
    summary: "judge the requests on the trail again by other policies",
    reads: [...TRAIL_PLACE, "teamsDir"],
    load: async () => (await import("./commands/replay.ts")).replayCommand(),
  },
  {
    name: "keys",
    group: KEYS,
    summary: "issue, list and revoke assistants' keys",
    reads: [...TRAIL_PLACE, "teamsDir"],
    load: async (args) => (await import("./commands/keys.ts")).keysCommand(args),
  },
  {
    name: "instructions",
    group: KEYS,
    summary: "print the text for an assistant's instructions in Dust",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/instructions.ts")).instructionsCommand(),
  },
  {
    name: "plan",
    group: MULTIMAIL,
    summary: "compare the policies with the live mailboxes",
    reads: PLAN,
    load: async () => (await import("./commands/plan.ts")).planCommand(),
  },
  {
    name: "apply",
    group: MULTIMAIL,
    summary: "make the live mailboxes as the policies declare them",
    reads: [...PLAN, ...TRAIL_PLACE],
    load: async () => (await import("./commands/apply.ts")).applyCommand(),
  },
  {
    name: "pending",
    group: DECIDING,
    summary: "show what waits for your decision",
    reads: [],
    load: async () => (await import("./commands/pending.ts")).pendingCommand(),
  },
  {
    name: "approve",
    group: DECIDING,
    summary: "approve an email as it was shown",
    reads: [],
    load: async () => (await import("./commands/approve.ts")).approveCommand(),
  },
  {
    name: "reject",
    group: DECIDING,
    summary: "reject an email, or ask for changes",
    reads: [],
    load: async () => (await import("./commands/reject.ts")).rejectCommand(),
  },
  {
    name: "mailbox",
    group: TRAIL,
    summary: "let a mailbox send again after an alarm",
    reads: TRAIL_PLACE,
    load: async () => (await import("./commands/mailbox.ts")).mailboxCommand(),
  },
  {
    name: "audit",
    group: TRAIL,
    summary: "read, verify and sign the audit trail",
    reads: [
      ...TRAIL_PLACE,
      "teamsDir",
      "auditSigningKey",
      "auditOrigin",
      "auditCheckpointTo",
      "auditWitnesses",
      "auditBodyReaders",
    ],
    load: async (args) => (await import("./commands/audit.ts")).auditCommand(args),
  },
  {
    name: "doctor",
    group: SERVING,
    summary: "look at everything that the gateway needs",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  },
  {
    name: "serve",
    group: SERVING,
    summary: "serve the gateway for real (npm start)",
    load: async () => (await import("./commands/serve.ts")).serveCommand(),
  },
  {
    name: "console",
    group: SERVING,
    summary: "serve the console, where people decide (npm run console)",
    load: async () => (await import("./commands/console.ts")).consoleCommand(),
  },
  {
    name: "sandbox",
    group: SERVING,
    summary: "serve a local MultiMail alone (npm run sandbox)",
    reads: ["host", "sandboxPort", "teamsDir", "dataDir"],
    load: async () => (await import("./commands/sandbox.ts")).sandboxCommand(),
  },
  {
    name: "demo",
    group: SERVING,
    summary: "play the main job on a local MultiMail (npm run demo)",
    reads: ["host", "port", "sandboxPort", "consolePort", "teamsDir", "dataDir", "logLevel"],
    load: async () => (await import("./commands/demo.ts")).demoCommand(),
  },
  {
    name: "completion",
    group: SHELL,
    summary: "print a script that completes the command in a shell",
    reads: ["teamsDir"],
    load: async () => (await import("./commands/completion.ts")).completionCommand(COMMAND_TABLE),
  },
];
