import { access, constants, stat } from "node:fs/promises";
import type { Environment } from "@countersign/host";
import { type CheckpointDestination, parseEnv } from "@countersign/host";
import { destinationLabel, type TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { openCheckpointer } from "../audit/checkpoint/open_checkpointer.ts";
import { configuredWitnesses } from "../audit/configured_witnesses.ts";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { missingTrail } from "./missing_trail.ts";

const WHAT = "checkpoints";
const TIMEOUT_MS = 3_000;

/** So many intervals without a checkpoint, and at least so many milliseconds, are too many. */
const LATE = 10;
const LATE_MS = 10 * 60_000;

/** The trail extends what was signed of it, was signed lately, and its checkpoints can be put where they are wanted. */
export async function checkCheckpoints(env: Environment): Promise<readonly Diagnosis[]> {
  const { auditCheckpointTo } = parseEnv(env, ["auditCheckpointTo"]);
  const places = [
    ...auditCheckpointTo.map((to) => checkDestination(to)),
    ...configuredWitnesses(env).map(({ url, key }) => checkAddress(url, `Witness ${key.name}`)),
  ];
  return [...(await checkSigned(env)), ...(await Promise.all(places))];
}

async function checkSigned(env: Environment): Promise<readonly Diagnosis[]> {
  const place = parseEnv(env, ["dataDir", "databaseUrl"]);
  if ((await missingTrail(place)) !== undefined)
    return [{ what: WHAT, level: "ok", message: "None is signed yet" }];
  const trail = await openTrailAt(place, { readonly: true });
  try {
    const why = await openCheckpointer(trail, { env }).check();
    if (why === undefined) return [await checkAge(trail, env)];
    const todo = "Find out what happened before anything else: packages/trail/docs/checkpoints.md";
    return [{ what: WHAT, level: "problem", message: why, todo }];
  } finally {
    await trail.close();
  }
}

async function checkAge(trail: TrailStore, env: Environment): Promise<Diagnosis> {
  const { auditCheckpointInterval } = parseEnv(env, ["auditCheckpointInterval"]);
  const { size } = await trail.head();
  let [signed, at] = [0, 0];
  for await (const { record } of trail.records({ kind: "checkpoint", newestFirst: true, limit: 1 })) {
    signed = record.data.size;
    at = Date.parse(record.at);
  }
  const ms = Date.now() - at;
  const age = ms < 7_200_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 3_600_000)} hours`;
  const isSigned = size - signed <= 1;
  const message =
    at === 0 ? "None is signed yet" : `The latest is of ${signed} of ${size} records, ${age} old`;
  if (isSigned || at === 0 || ms < Math.max(LATE * auditCheckpointInterval, LATE_MS))
    return { what: WHAT, level: "ok", message };
  const todo = "Keep a gateway running, or run countersign audit checkpoint";
  return { what: WHAT, level: "warning", message, todo };
}

async function checkDestination(to: CheckpointDestination): Promise<Diagnosis> {
  const name = destinationLabel(to);
  if (to.kind === "url") return checkAddress(to.url, name);
  try {
    if (!(await stat(to.path)).isDirectory()) throw new Error("It is no folder");
    await access(to.path, constants.W_OK | constants.X_OK);
    return { what: WHAT, level: "ok", message: `${name} can be written to` };
  } catch {
    const message = `${name} is no folder that this user may write to`;
    return {
      what: WHAT,
      level: "problem",
      message,
      todo: "Make or mount it, or correct AUDIT_CHECKPOINT_TO",
    };
  }
}

/** Whether anything answers: what it makes of a checkpoint shows only when there is one. */
async function checkAddress(url: string, name: string): Promise<Diagnosis> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    await response.body?.cancel();
    return { what: WHAT, level: "ok", message: `${name} answers` };
  } catch {
    const todo = "Correct AUDIT_CHECKPOINT_TO or AUDIT_WITNESSES, or the way there";
    return { what: WHAT, level: "problem", message: `${name} does not answer`, todo };
  }
}
