import { writeSync } from "node:fs";
import { openSqliteTrail } from "../store/sqlite/open_trail.ts";
import { intent, outcome } from "./entries.ts";

// A program to be killed: appends to the trail that its argument names, in a thread if it is told so, and prints each
// receipt when, and not before, it is acknowledged.

const [path = "", name = "", how] = process.argv.slice(2);
const store = await openSqliteTrail(path, { inThread: how === "in-thread" });
const worker = async (lane: number) => {
  for (let n = 0; ; n++) {
    const receipt = `${name}-${lane}-${n}`;
    await store.append(intent(receipt, { body: `Body of ${receipt}` }));
    writeSync(1, `${receipt}\n`);
    if (n % 2 === 0) await store.append(outcome(receipt));
  }
};
await Promise.all([0, 1, 2, 3, 4].map(worker));
