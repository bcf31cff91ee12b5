import type { Settings } from "@countersign/host";
import type { Command } from "commander";

/** One of the program's commands, as its help lists it; the command itself is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Heading in the help. */
  readonly group: string;
  /** The settings that it reads from its environment; its help says what they mean. Undefined: all. */
  readonly reads?: readonly (keyof Settings)[];
  /** `args` is the whole command line: of a command's own commands, those that it names are loaded. */
  readonly load: (args: readonly string[]) => Promise<Command>;
}
