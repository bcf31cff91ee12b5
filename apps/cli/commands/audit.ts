import { Command } from "commander";
import { addNamed, type Subcommands } from "./_add_named.ts";

/** `countersign audit …`: the trail. */
export function auditCommand(args: readonly string[]): Promise<Command> {
  const command = new Command("audit").description(
    "Reads, verifies and signs the audit trail in DATA_DIR, also while a gateway writes it.",
  );
  return addNamed(command, SUBCOMMANDS, args);
}

const SUBCOMMANDS: Subcommands = {
  list: async () => (await import("./audit_list.ts")).auditListCommand(),
  open: async () => (await import("./audit_open.ts")).auditOpenCommand(),
  show: async () => (await import("./audit_show.ts")).auditShowCommand(),
  policies: async () => (await import("./audit_policies.ts")).auditPoliciesCommand(),
  report: async () => (await import("./audit_report.ts")).auditReportCommand(),
  verify: async () => (await import("./audit_verify.ts")).auditVerifyCommand(),
  prove: async () => (await import("./audit_prove.ts")).auditProveCommand(),
  export: async () => (await import("./audit_export.ts")).auditExportCommand(),
  checkpoint: async () => (await import("./audit_checkpoint.ts")).auditCheckpointCommand(),
  migrate: async () => (await import("./audit_migrate.ts")).auditMigrateCommand(),
  erase: async () => (await import("./audit_erase.ts")).auditEraseCommand(),
};
