import type { Environment } from "@countersign/host";
import { parseEnv } from "@countersign/host";
import { inclusionProof, leafHash, type TrailStore, verifyInclusion } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { missingTrail } from "./missing_trail.ts";

const WHAT = "trail";

/** Intents that are open for longer are not only under way. */
const LONG_MS = 10 * 60_000;

/** The trail opens, is written durably, and its head is that of its last record. */
export async function checkTrail(env: Environment): Promise<readonly Diagnosis[]> {
  const place = parseEnv(env, ["dataDir", "databaseUrl"]);
  const missing = await missingTrail(place);
  if (missing !== undefined) {
    return [{ what: WHAT, level: "ok", message: `There is none ${missing} yet; the gateway makes it` }];
  }
  // Opening SQLite sets `synchronous` to FULL and reads it back, or fails; PostgreSQL's settings are the database's check.
  const how = place.databaseUrl === undefined ? "It opens, with synchronous=FULL," : "It opens,";
  const trail = await openTrailAt(place, { readonly: true });
  try {
    return [await checkHead(trail, how), ...(await checkOpen(trail))];
  } finally {
    await trail.close();
  }
}

/** Proves the last record to be in the tree: whoever cut records off, or changed the head, cannot. */
async function checkHead(trail: TrailStore, how: string): Promise<Diagnosis> {
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
      message: `${how} and its head holds: ${size} records`,
    };
  const todo = "Run countersign audit verify, and tell whoever answers for the trail";
  return { what: WHAT, level: "problem", message: "Its head is not that of its last record", todo };
}

async function checkOpen(trail: TrailStore): Promise<readonly Diagnosis[]> {
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
