import { Command } from "commander";
import { auditListCommand } from "./audit_list.ts";
import { auditVerifyCommand } from "./audit_verify.ts";

/** `countersign audit …`: the trail. */
export function auditCommand(): Command {
  return new Command("audit")
    .description("read and verify the audit trail")
    .addCommand(auditListCommand())
    .addCommand(auditVerifyCommand());
}
