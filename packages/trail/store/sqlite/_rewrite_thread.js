// Plain JavaScript: a thread starts without the loader of TypeScript.
import { workerData } from "node:worker_threads";
import Database from "better-sqlite3";

const { file, tables, timeout } = workerData;

/** Kept until the thread ends: the driver may not have a statement collected. */
const kept = [];

const db = new Database(file, { fileMustExist: true, timeout });
kept.push(db);

function run(sql) {
  const statement = db.prepare(sql);
  kept.push(statement);
  return statement.reader ? statement.all() : statement.run();
}

run("PRAGMA synchronous = FULL");
run("PRAGMA secure_delete = ON");
run("BEGIN IMMEDIATE");
for (const { name, columns, order } of tables) {
  run(`CREATE TABLE main.rewritten AS SELECT ${columns} FROM main.${name} ORDER BY ${order}`);
  // Without a condition, pages are given back as wholes, and overwritten.
  run(`DELETE FROM main.${name}`);
  run(`INSERT INTO main.${name} (${columns}) SELECT ${columns} FROM main.rewritten ORDER BY rowid`);
  run("DROP TABLE main.rewritten");
}
run("COMMIT");
db.close();
