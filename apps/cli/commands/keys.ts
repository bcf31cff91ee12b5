import { Command } from "commander";
import { addNamed, type Subcommands } from "./_add_named.ts";

/** `countersign keys …`: the keys with which assistants call. */
export function keysCommand(args: readonly string[]): Promise<Command> {
  const command = new Command("keys").description(
    "Issues, lists and revokes assistants' keys. Team files hold only their hashes.",
  );
  return addNamed(command, SUBCOMMANDS, args);
}

const SUBCOMMANDS: Subcommands = {
  new: async () => (await import("./keys_new.ts")).keysNewCommand(),
  list: async () => (await import("./keys_list.ts")).keysListCommand(),
  revoke: async () => (await import("./keys_revoke.ts")).keysRevokeCommand(),
};
