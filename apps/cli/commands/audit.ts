import { Command } from "commander";
import { auditCheckpointCommand } from "./audit_checkpoint.ts";
import { auditEraseCommand } from "./audit_erase.ts";
import { auditExportCommand } from "./audit_export.ts";
import { auditListCommand } from "./audit_list.ts";
import { auditOpenCommand } from "./audit_open.ts";
import { auditProveCommand } from "./audit_prove.ts";
import { auditReportCommand } from "./audit_report.ts";
import { auditShowCommand } from "./audit_show.ts";
import { auditVerifyCommand } from "./audit_verify.ts";

/** `countersign audit …`: the trail. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("Reads, verifies and signs the audit trail in DATA_DIR, also while a gateway writes it.")
    .addCommand(auditListCommand())
    .addCommand(auditOpenCommand())
    .addCommand(auditShowCommand())
    .addCommand(auditReportCommand())
    .addCommand(auditVerifyCommand())
    .addCommand(auditProveCommand())
    .addCommand(auditExportCommand())
    .addCommand(auditCheckpointCommand())
    .addCommand(auditEraseCommand());
}
