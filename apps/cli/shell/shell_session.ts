import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Who is signed in at which console, for the commands that decide. */
export interface ShellSession {
  /** Where the console is, without a slash at its end. */
  readonly console: string;
  /** The secret by which the console knows this shell. */
  readonly token: string;
  readonly address: string;
}

const schema: z.ZodType<ShellSession> = z.object({
  console: z.string().refine(isConsoleUrl),
  token: z.string().regex(/^[\w-]{43}$/),
  address: z.string(),
});

/** A secret goes to such an address only: by TLS, or on this machine. */
export function isConsoleUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return username === "" && password === "" && (protocol === "https:" || (protocol === "http:" && isLocal));
}

/** Where the session is kept: in the user's configuration (XDG Base Directory Specification). */
export function sessionFile(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = env.XDG_CONFIG_HOME;
  return join(base?.startsWith("/") ? base : join(homedir(), ".config"), "countersign", "session.json");
}

/**
 * Who is signed in; undefined: nobody.
 *
 * @throws {Error} that says what to do, when others can read the file, or it is none
 */
export async function findSession(path: string = sessionFile()): Promise<ShellSession | undefined> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      throw new Error(`Cannot use "${path}": others can read it; run countersign console sign-in again`);
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success)
    throw new Error(`Cannot use "${path}": it holds no session; run countersign console sign-in again`);
  return parsed.data;
}

/** @throws {Error} when nobody is signed in */
export async function requireSession(): Promise<ShellSession> {
  const session = await findSession();
  if (session === undefined) throw new Error("You are not signed in: run countersign console sign-in");
  return session;
}

/** Keeps who is signed in, for this user alone. */
export async function keepSession(session: ShellSession, path: string = sessionFile()): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(session)}\n`, { mode: 0o600, flag: "w" });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

/** Forgets who was signed in. */
export async function forgetSession(path: string = sessionFile()): Promise<void> {
  await rm(path, { force: true });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
