import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv } from "@countersign/host";
import { Command } from "commander";
import { z } from "zod";
import { askConsoleAt } from "../shell/ask_console.ts";
import {
  findSession,
  forgetSession,
  isConsoleUrl,
  keepSession,
  sessionFile,
} from "../shell/shell_session.ts";
import { personName } from "../terminal/person_name.ts";
import { printable } from "../terminal/printable.ts";

/** How often it is asked whether the person has confirmed, in milliseconds. */
const ASK_MS = 2_000;

const begun = z.object({ code: z.string(), secret: z.string(), confirm: z.string(), expires_ms: z.number() });
const admitted = z.object({ token: z.string(), address: z.string(), auth: z.string() });
const asked = z.union([admitted, z.object({ waits: z.literal(true) })]);

interface SignInFlags {
  readonly console?: string;
  readonly json?: boolean;
}

/** `countersign console sign-in`. */
export function signInCommand(): Command {
  return new Command("sign-in")
    .description("Signs this shell in to the console, for pending, approve and reject.")
    .argument("[link]", "that countersign console link printed, where people sign in by links")
    .option("--console <url>", "where the console is; without it, CONSOLE_URL or this machine")
    .option("--json", 'print {"console": …, "address": …}')
    .addHelpText("after", EXAMPLES)
    .action(async (link: string | undefined, flags: SignInFlags, command: Command) => {
      const [, origin, secret] = /^(https?:\/\/[^/]+)\/sign-in\/link\/([\w-]{43})$/.exec(link ?? "") ?? [];
      if (link !== undefined && secret === undefined)
        command.error("error: the link must be one that countersign console link printed");
      const url =
        flags.console ?? origin ?? parseEnv(process.env, ["host", "consolePort", "consoleUrl"]).consoleUrl;
      if (!isConsoleUrl(url))
        throw new Error(
          `Cannot sign in at ${printable(url)}: it must be an https address, or one on this machine`,
        );
      const console_ = new URL(url).origin;
      const { token, address } =
        secret === undefined ? await confirmed(console_) : await byLink(console_, secret);
      await keepSession({ console: console_, token, address });
      if (flags.json) console.log(JSON.stringify({ console: console_, address }));
      else console.log(printable(`Signed in at ${console_} as ${address}`));
    });
}

/** `countersign console sign-out`. */
export function signOutCommand(): Command {
  return new Command("sign-out")
    .description("Ends this shell's session at the console, there and here.")
    .action(async () => {
      const session = await findSession().catch(() => undefined);
      await forgetSession();
      if (session === undefined) return console.error("Nobody was signed in");
      const { console: url, token } = session;
      const schema = z.object({ signed_out: z.literal(true) });
      try {
        await askConsoleAt(url, { path: "sign-out", form: {}, schema, token });
      } catch (error) {
        // Nobody has it any more; there it ends by itself.
        console.error(error instanceof Error ? error.message : String(error));
      }
      console.log("Signed out");
    });
}

const EXAMPLES = `
Without a link it prints a code and an address: open it in a browser, sign in as you do there, and type the code. Never type one
that somebody sent you. The session is in ${sessionFile({ XDG_CONFIG_HOME: "/$XDG_CONFIG_HOME" }).slice(1)} (else ~/.config), for you alone. It ends after 30 minutes
without use, after 12 hours, or by countersign console sign-out.

Examples:
  $ countersign console sign-in --console https://console.acme.example
  $ countersign console sign-in "$(countersign console link you@acme.example)"`;

function byLink(url: string, link: string): Promise<z.infer<typeof admitted>> {
  return askConsoleAt(url, { path: "sign-in", form: { link }, schema: admitted });
}

/** Waits until a person lets this shell act as them. */
async function confirmed(url: string): Promise<z.infer<typeof admitted>> {
  const asker = `${personName()} on ${hostname()}`;
  const { code, secret, confirm, expires_ms } = await askConsoleAt(url, {
    path: "sign-in",
    form: { asker },
    schema: begun,
  });
  console.error(printable(`Open ${confirm} in a browser, and type this code there: ${code}`));
  const deadline = Date.now() + expires_ms;
  while (Date.now() < deadline) {
    await sleep(ASK_MS);
    const answer = await askConsoleAt(url, { path: "sign-in/ask", form: { secret }, schema: asked });
    if ("token" in answer) return answer;
  }
  throw new Error("Cannot sign in: nobody typed the code within ten minutes");
}
