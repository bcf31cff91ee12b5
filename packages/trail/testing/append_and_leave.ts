import { openSqliteTrail } from "../store/sqlite/open_trail.ts";
import { intent } from "./entries.ts";

// A program that leaves its trail open: appends one record in a thread, prints what became of it, and is at its end.

const [path = ""] = process.argv.slice(2);
const store = await openSqliteTrail(path, { inThread: true });
console.log(JSON.stringify(await store.append(intent("r1"))));
