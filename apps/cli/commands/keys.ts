import { Command } from "commander";
import { keysListCommand } from "./keys_list.ts";
import { keysNewCommand } from "./keys_new.ts";
import { keysRevokeCommand } from "./keys_revoke.ts";

/** `countersign keys …`: the keys with which assistants call. */
export function keysCommand(): Command {
  return new Command("keys")
    .description("Issues, lists and revokes assistants' keys. Team files hold only their hashes.")
    .addCommand(keysNewCommand())
    .addCommand(keysListCommand())
    .addCommand(keysRevokeCommand());
}
