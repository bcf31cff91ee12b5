import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadPolicies, type PolicyFile, type PolicySet } from "@countersign/core/policy";
import { parseEnv } from "@countersign/host/env";
import { policyFiles, type TrailStore } from "@countersign/trail";
import { gitFolder, readGitFiles } from "./read_git_files.ts";
import { problemsError, requirePolicies } from "./require_policies.ts";

/** What policies may be read from besides folders and git. */
export interface PoliciesFromOptions {
  /** For `trail:<hash>`; absent: nothing is on it. */
  readonly trail?: Pick<TrailStore, "records" | "policyText">;
}

/**
 * The policies that a command line names: a folder (`../next/teams`), a git reference with or without a folder (`main`,
 * `HEAD~1:teams`), or policies that were in force, by their hash or its beginning (`trail:9f86`).
 *
 * @throws {Error} that says why there are none
 */
export async function policiesFrom(source: string, { trail }: PoliciesFromOptions = {}): Promise<PolicySet> {
  if (source.startsWith("trail:") && trail !== undefined)
    return load(source, await filesOnTrail(source.slice("trail:".length), trail));
  if (existsSync(source)) return requirePolicies(source);
  const [reference = "", ...path] = source.split(":");
  const folder =
    path.length > 0 ? path.join(":") : await gitFolder(resolve(parseEnv(process.env, ["teamsDir"]).teamsDir));
  const files = folder === undefined ? undefined : await readGitFiles(reference, folder);
  if (files === undefined)
    throw new Error(
      `Cannot find policies at "${source}": it is no folder, and no git reference with team files`,
    );
  return load(source, files);
}

function load(source: string, files: readonly PolicyFile[]): PolicySet {
  const result = loadPolicies(files, { sha256: (bytes) => hash("sha256", bytes), folder: source });
  if (result.ok) return result.policies;
  throw problemsError(source, result.problems);
}

async function filesOnTrail(
  beginning: string,
  trail: Pick<TrailStore, "records" | "policyText">,
): Promise<readonly PolicyFile[]> {
  const found = new Set<string>();
  for await (const { record } of trail.records({ kind: "policy" }))
    if (record.policy?.startsWith(beginning)) found.add(record.policy);
  const [policy] = found;
  if (policy === undefined || found.size > 1 || beginning === "")
    throw new Error(
      `Cannot find policies by "trail:${beginning}": ${found.size === 0 ? "none" : found.size} on the trail begin so`,
    );
  const files: PolicyFile[] = [];
  for (const [name, hashed] of (await policyFiles(trail, policy)) ?? []) {
    const text = await trail.policyText(hashed);
    if (text === undefined)
      throw new Error(`Cannot read policies from the trail: the text of "${name}" is not there`);
    files.push({ name, file: `trail:${policy.slice(0, 12)}/${name}`, bytes: new TextEncoder().encode(text) });
  }
  return files;
}
