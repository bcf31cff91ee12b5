import Database from "better-sqlite3";

/** Every database that was opened, and every statement that was prepared. */
const kept: unknown[] = [];

/**
 * Opens an SQLite file so that nothing of it is ever garbage collected. A better-sqlite3 12 that was built against
 * Node 24.19 or later ends the process when a statement is collected while no JavaScript runs: `node::ObjectWrap` then
 * asks for an environment that is not there. better-sqlite3 13 is free of that, and needs Node 22.
 */
export function rawDatabase(path: string, options?: Database.Options): Database.Database {
  const db = new Database(path, options);
  const prepare = db.prepare.bind(db);
  const prepareKept = (source: string): Database.Statement => {
    const statement = prepare(source);
    kept.push(statement);
    return statement;
  };
  kept.push(db);
  return Object.assign(db, {
    prepare: prepareKept as typeof db.prepare,
    // The driver's own makes a statement for each call.
    pragma: (source: string, { simple }: Database.PragmaOptions = {}): unknown => {
      const statement = prepareKept(`PRAGMA ${source}`);
      if (!statement.reader) return statement.run();
      return simple ? statement.pluck().get() : statement.all();
    },
  });
}
