import { constants, type Stats } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Environment } from "@countersign/host";
import { parseEnv } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "data folder";
const MIB = 1024 * 1024;

/** Below this the trail, and with it every email, may soon stop. */
const LITTLE_SPACE = 1024 * MIB;
const NO_SPACE = 100 * MIB;

/** What nobody but the owner may read. */
const PRIVATE = /\.sqlite|\.pem$|key/i;

/** The data folder is there or can be made, is closed to others, and has space. */
export async function checkDataDir(env: Environment): Promise<readonly Diagnosis[]> {
  const { dataDir } = parseEnv(env, ["dataDir"]);
  const existing = await nearestFolder(resolve(dataDir)).catch((error: Error) => error);
  if (existing instanceof Error) {
    const todo = "Choose another folder with DATA_DIR";
    return [{ what: WHAT, level: "problem", message: existing.message, todo }];
  }
  const isThere = existing === resolve(dataDir);
  const findings = isThere ? await permissions(dataDir) : [];
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    findings.push({
      what: WHAT,
      level: "problem",
      message: `This user may not write to "${existing}"`,
      todo: "Run as the gateway's user, or choose another folder with DATA_DIR",
    });
  }
  if (findings.length === 0) {
    const message = isThere
      ? `"${dataDir}" is there and closed to others`
      : `"${dataDir}" will be made at the start`;
    findings.push({ what: WHAT, level: "ok", message });
  }
  return [...findings, await space(existing)];
}

async function permissions(dataDir: string): Promise<Diagnosis[]> {
  if (process.platform === "win32") return [];
  const findings: Diagnosis[] = [];
  const folder = await stat(dataDir);
  if ((folder.mode & 0o007) !== 0) {
    findings.push({
      what: WHAT,
      level: "problem",
      message: `"${dataDir}" is open to everybody on this machine (mode ${octal(folder)})`,
      todo: `chmod 700 ${dataDir}`,
    });
  }
  for (const name of await readdir(dataDir)) {
    const path = join(dataDir, name);
    const file = await stat(path);
    if (!PRIVATE.test(name) || !file.isFile() || (file.mode & 0o077) === 0) continue;
    const message = `"${path}" can be read by others (mode ${octal(file)})`;
    findings.push({ what: WHAT, level: "problem", message, todo: `chmod 600 ${path}` });
  }
  return findings;
}

async function space(folder: string): Promise<Diagnosis> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${free < 10 * 1024 * MIB ? `${Math.floor(free / MIB)} MiB` : `${Math.floor(free / 1024 / MIB)} GiB`} are free on its disk`;
  if (free >= LITTLE_SPACE) return { what: "disk", level: "ok", message };
  const todo = "Make space: when the trail cannot be written, nothing is sent";
  return { what: "disk", level: free < NO_SPACE ? "problem" : "warning", message, todo };
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    const parent = dirname(path);
    if (parent !== path && error instanceof Error && "code" in error && error.code === "ENOENT")
      return nearestFolder(parent);
    throw new Error(`"${path}" cannot be looked at`, { cause: error });
  }
  throw new Error(`"${path}" is a file, want a folder`);
}

function octal({ mode }: Stats): string {
  return (mode & 0o777).toString(8);
}
