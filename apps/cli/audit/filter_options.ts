import { parseAddress } from "@countersign/core/address";
import { PERSON_KINDS, RECORD_KINDS, type RecordFilter, type RecordKind } from "@countersign/trail";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseReason } from "../terminal/parse_reason.ts";
import { parseUser } from "../terminal/parse_user.ts";
import { addTimeOptions, readTimes, type TimeFlags } from "../terminal/time_options.ts";

/** Which records a command line names. */
export interface FilterFlags extends TimeFlags {
  readonly team?: string;
  readonly assistant?: string;
  readonly recipient?: string;
  readonly user?: string;
  readonly rule?: string;
  readonly effect?: "allow" | "deny";
  readonly kind?: RecordKind;
  readonly receipt?: string;
  readonly email?: string;
}

/** Adds the options by which records are chosen, but for who did it. `readFilter` reads them. */
export function addFilterOptions(command: Command): Command {
  return addTimeOptions(
    command
      .option("--team <team>", "of this team")
      .option("--assistant <id>", "of this assistant")
      .option("--recipient <address>", "that name this address, or anybody at a @domain", parseRecipient)
      .option("--user <address>", "that this person, signed in, asked an assistant for", parseUser)
      .option("--rule <rule>", "in which this rule had something to say, like recipients.deny")
      .addOption(new Option("--effect <effect>", "decided so").choices(["allow", "deny"]))
      .addOption(new Option("--kind <kind>", "of this kind").choices(RECORD_KINDS))
      .option("--receipt <receipt>", "of this receipt")
      .option("--email <id>", "about the email with this id at MultiMail"),
  );
}

/** Takes the name or the address of a person who did something. */
export const parsePerson: (text: string) => string = parseReason;

/**
 * The filter that a command line names.
 *
 * @throws {UsageError} when no record can pass it
 */
export function readFilter(
  flags: FilterFlags & { readonly person?: string },
  command: Command,
): RecordFilter {
  const { team, assistant, recipient, user, rule, effect, kind, receipt, email, person } = flags;
  const ofIntents = { "--recipient": recipient, "--user": user, "--rule": rule, "--effect": effect };
  const [name] = Object.entries(ofIntents).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined && kind !== undefined && kind !== "intent")
    command.error(`error: ${name} tells intents apart, and finds none among --kind ${kind}`);
  if (name !== undefined && person !== undefined)
    command.error(`error: ${name} and --by find nothing together: an intent is an assistant's`);
  if (person !== undefined && kind !== undefined && !PERSON_KINDS.includes(kind))
    command.error(
      `error: --by finds nothing among --kind ${kind}; kinds that name a person are ${PERSON_KINDS.join(", ")}`,
    );
  const given = { team, assistant, recipient, user, rule, effect, kind, receipt, email, by: person };
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...filter, ...readTimes(flags, command) };
}

/** An address, `@` and a domain, or what was given in place of an address. */
function parseRecipient(text: string): string {
  const written = text.trim();
  const at = written.lastIndexOf("@");
  if (at < 0 || /^\*?@\*?\.?$/.test(written)) {
    const isDomain = parseAddress(`x@${written}`).ok;
    throw new InvalidArgumentError(
      `An address or a domain with its @ is needed${isDomain ? `, did you mean @${written}?` : ", like jane@client.example or @client.example"}`,
    );
  }
  if (at === 0 && !parseAddress(`x${written}`).ok)
    throw new InvalidArgumentError("A domain is needed after the @, like @client.example");
  if (written.startsWith("*@"))
    throw new InvalidArgumentError(`A domain is written without the star, did you mean ${written.slice(1)}?`);
  return written;
}
