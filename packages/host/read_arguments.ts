import { type ParseArgsConfig, parseArgs } from "node:util";
import { suggest } from "@countersign/core/suggest";

/** Exit code of a command line that cannot be understood (BSD sysexits `EX_USAGE`). */
const USAGE = 64;

/** What `parseArgs` is told of options. */
type OptionsConfig = NonNullable<ParseArgsConfig["options"]>;

/** The words of a command line as `parseArgs` reads them. */
type Words<Options extends OptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;

/** What a program can be told on its command line; `--help` is always among it. */
export interface ReadArgumentsOptions<Options extends OptionsConfig, Asked> {
  /** What `--help` shows. Its first line begins with `Usage: ` and says how the program is called. */
  readonly usage: string;
  readonly options: Options;
  /** What stands beside the options. Default: nothing may. */
  readonly words?: "any";
  /** Makes what is wanted of it; throws a `RangeError` that names the option and the wanted value when it makes no sense. */
  readonly read: (given: Words<Options>) => Asked;
}

/** What a program is to do: its work, or say something and end. */
export type ReadArguments<Asked> =
  | { readonly kind: "asked"; readonly asked: Asked }
  | { readonly kind: "help" | "wrong"; readonly text: string };

/** Reads a command line. What cannot be understood is said in one line. */
export function readArguments<const Options extends OptionsConfig, Asked>(
  args: readonly string[],
  { usage, options, words, read }: ReadArgumentsOptions<Options, Asked>,
): ReadArguments<Asked> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) return { kind: "help", text: usage };
  try {
    const { tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: false,
      tokens: true,
    });
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== "option") continue;
      if (seen.has(token.name)) throw new RangeError(`${token.rawName} is given twice`);
      seen.add(token.name);
    }
    const given = parseArgs({ args: [...args], options, allowPositionals: words === "any" });
    return { kind: "asked", asked: read(given as Words<Options>) };
  } catch (error) {
    if (!isUsage(error)) throw error;
    return { kind: "wrong", text: `${sentenceOf(error)}: ${hint(error, { usage, options })}` };
  }
}

/** Reads this process' own command line; shows what there is to say, and ends, when there is nothing to do. */
export function takeArguments<const Options extends OptionsConfig, Asked>(
  options: ReadArgumentsOptions<Options, Asked>,
): Asked {
  const found = readArguments(process.argv.slice(2), options);
  if (found.kind === "asked") return found.asked;
  console[found.kind === "help" ? "log" : "error"](found.text);
  process.exit(found.kind === "help" ? 0 : USAGE);
}

/**
 * The number that an option was given.
 *
 * @throws {RangeError} when it is no whole number, or less than 1
 */
export function countOf(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RangeError(`${option} must be a whole number above 0, got "${text}"`);
}

function isUsage(error: unknown): error is Error {
  if (error instanceof RangeError) return true;
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** Node's own messages go on with what to do about it, in several sentences. */
function sentenceOf({ message }: Error): string {
  return (/^[^\n]*?(?=\. |\n|$)/.exec(message)?.[0] ?? message).replaceAll("'", '"');
}

function hint(
  { message }: Error,
  { usage, options }: Pick<ReadArgumentsOptions<OptionsConfig, unknown>, "usage" | "options">,
): string {
  const [, unknown] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
  const near = unknown === undefined ? undefined : suggest(unknown, [...Object.keys(options), "help"]);
  const [synopsis = ""] = usage.replace(/^Usage: /, "").split("\n");
  return near === undefined ? `write "${synopsis}"` : `did you mean "--${near}"?`;
}
