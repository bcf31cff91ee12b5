import { intent } from "../../../testing/entries.ts";
import { openSqliteTrail } from "../open_trail.ts";

// A program that leaves its trail open: appends one record in a thread, prints what became of it, and is at its end.

const [path = ""] = process.argv.slice(2);
const store = await openSqliteTrail(path, { inThread: true });
console.log(JSON.stringify(await store.append(intent("r1"))));
