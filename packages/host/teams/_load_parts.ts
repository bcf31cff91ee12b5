import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PolicyLoadResult } from "@countersign/core/policy";
import { shareAgain } from "./_parcel.ts";
import { loadTeams } from "./load_teams.ts";

/** How parts of a folder are loaded. */
export interface LoadPartsOptions {
  /** How many are loaded at a time: one here, the others in threads. */
  readonly atOnce: number;
  /** Told of each result: when it says yes, no other part is begun. */
  readonly isEnough: (result: PolicyLoadResult) => boolean;
}

type LoadPart = (part: ReadonlySet<string>) => Promise<PolicyLoadResult>;

/**
 * Loads parts of a folder, each the names of some files, by themselves; whoever is done takes the next one. Results in the
 * order of the parts; undefined: it was not begun.
 *
 * @throws {Error} when a thread cannot do its work
 */
export async function loadParts(
  dir: string,
  parts: readonly ReadonlySet<string>[],
  { atOnce, isEnough }: LoadPartsOptions,
): Promise<readonly (PolicyLoadResult | undefined)[]> {
  const results = parts.map((): PolicyLoadResult | undefined => undefined);
  const queue = parts.entries();
  let isOver = false;
  const work = async (load: LoadPart): Promise<void> => {
    for (const [index, part] of queue) {
      if (isOver) return;
      const result = await load(part);
      results[index] = result;
      isOver ||= isEnough(result);
    }
  };
  const threads = Math.min(atOnce, parts.length) - 1;
  await Promise.all([
    ...Array.from({ length: threads }, () => inThread(dir, work)),
    work((only) => loadTeams(dir, { only })),
  ]);
  return results;
}

async function inThread(dir: string, work: (load: LoadPart) => Promise<void>): Promise<void> {
  const thread = new Worker(new URL("./_load_part_thread.js", import.meta.url), {
    workerData: { dir },
    execArgv: [],
  });
  const ended = once(thread, "exit").then(() => {
    throw new Error("Cannot load policies: the thread has ended");
  });
  ended.catch(() => undefined);
  try {
    await work(async (part) => {
      const answered = once(thread, "message");
      thread.postMessage(part);
      const [result] = (await Promise.race([answered, ended])) as [PolicyLoadResult];
      return withShared(result);
    });
  } catch (cause) {
    throw new Error("Cannot load policies: the thread failed", { cause });
  } finally {
    await thread.terminate();
  }
}

function withShared(result: PolicyLoadResult): PolicyLoadResult {
  if (!result.ok) return result;
  const { policies } = result;
  const teams = new Map([...policies.teams].map(([name, team]) => [name, shareAgain(team)]));
  return { ...result, policies: { ...policies, teams } };
}
