import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "@countersign/host";
import { inclusionProof, leafHash, type TrailStore, verifyInclusion } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import type { Finding } from "../plan/finding.ts";
import type { Environment } from "./check.ts";

const WHAT = "trail";

/** Intents that are open for longer are not only under way. */
const LONG_MS = 10 * 60_000;

/** The trail opens, is written durably, and its head is that of its last record. */
export async function checkTrail(env: Environment): Promise<readonly Finding[]> {
  const { dataDir, databaseUrl } = parseEnv(env, ["dataDir", "databaseUrl"]);
  const path = join(dataDir, "trail.sqlite");
  if (!existsSync(path)) {
    const where =
      databaseUrl === undefined
        ? `There is none at "${path}" yet; the gateway makes it`
        : "It is in the database";
    return [{ what: WHAT, level: "ok", message: where }];
  }
  // Opening sets `synchronous` to FULL and reads it back, or fails.
  const trail = await openSqliteTrail(path, { readonly: true });
  try {
    return [await checkHead(trail), ...(await checkOpen(trail))];
  } finally {
    await trail.close();
  }
}

/** Proves the last record to be in the tree: whoever cut records off, or changed the head, cannot. */
async function checkHead(trail: TrailStore): Promise<Finding> {
  const { size, root } = await trail.head();
  let isProved = size === 0;
  // The last one of that head: a gateway may append meanwhile.
  for await (const { record, json } of trail.records({ fromSeq: size - 1, limit: 1 })) {
    const proof = await inclusionProof(size - 1, size, trail);
    const claim = { index: size - 1, size, leaf: leafHash(json), root };
    isProved = record.seq === size - 1 && verifyInclusion(claim, proof);
  }
  if (isProved)
    return {
      what: WHAT,
      level: "ok",
      message: `It opens, with synchronous=FULL, and its head holds: ${size} records`,
    };
  const todo = "Run countersign audit verify, and tell whoever answers for the trail";
  return { what: WHAT, level: "problem", message: "Its head is not that of its last record", todo };
}

async function checkOpen(trail: TrailStore): Promise<readonly Finding[]> {
  const open = await trail.openIntents();
  const long = open.filter(({ record }) => Date.now() - Date.parse(record.at) > LONG_MS);
  if (long.length === 0) return [];
  const message = `Of ${long.length} emails nobody has known for over 10 minutes whether MultiMail took them`;
  return [
    {
      what: WHAT,
      level: "warning",
      message,
      todo: "Run countersign audit open, and keep the gateway running",
    },
  ];
}
