import { parseEnv } from "@countersign/host/env";
import { Command } from "commander";
import { withWritableTrail } from "../audit/with_trail.ts";

interface MigrateFlags {
  readonly serveAs?: string;
  readonly scrub?: boolean;
  readonly json?: boolean;
}

/** `countersign audit migrate`: the trail in PostgreSQL, as its owner, for gateways that do not own it. */
export function auditMigrateCommand(): Command {
  return new Command("migrate")
    .description(
      "Makes the trail in the database of DATABASE_URL, or brings it to this version, as the role that is to own it.",
    )
    .option(
      "--serve-as <role>",
      "give this role what it needs to serve, and nothing else: it adds records, and cannot change or remove one",
    )
    .option("--scrub", "overwrite what was erased, too, where the role that serves may not")
    .option("--json", 'print {"from": …, "to": …, "serve_as": …, "scrubbed": …}')
    .addHelpText("after", EXAMPLES)
    .action(async ({ serveAs, scrub = false, json }: MigrateFlags) => {
      const { databaseUrl } = parseEnv(process.env, ["databaseUrl"]);
      if (databaseUrl === undefined) {
        throw new Error(
          "Set DATABASE_URL: a trail in a file is brought to this version by whatever opens it to append",
        );
      }
      const { migratePostgresTrail } = await import("@countersign/trail/postgres");
      const { from, to, canScrub } = await migratePostgresTrail(databaseUrl, { serveAs });
      if (scrub) await withWritableTrail((trail) => trail.scrub());
      if (json) {
        console.log(JSON.stringify({ from: from ?? null, to, serve_as: serveAs ?? null, scrubbed: scrub }));
        return;
      }
      const how =
        from === undefined ? "was made and is" : from === to ? "is" : `was of version ${from} and is`;
      const lines = [`The trail ${how} of version ${to}`];
      if (serveAs !== undefined)
        lines.push(`Role "${serveAs}" may add records, and cannot change or remove one`);
      if (canScrub === false) {
        lines.push(
          "PostgreSQL lets only the owner overwrite what was erased: run this with --scrub after erasures",
        );
      }
      if (scrub) lines.push("What was erased is overwritten");
      console.log(lines.join("\n"));
    });
}

const EXAMPLES = `
Run it before gateways of a new version start, when they do not serve as the trail's owner. It is safe while they serve.

Examples:
  $ DATABASE_URL='postgres://owner@db.acme.example/countersign' countersign audit migrate --serve-as gateway
  $ countersign audit migrate --scrub`;
