#!/usr/bin/env node
// Written for old versions of Node too, and loading nothing before it has looked: whoever has one gets a sentence.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import * as module from "node:module";
import { tmpdir } from "node:os";

const { engines, version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const [, wantedMajor, wantedMinor] = /(\d+)\.(\d+)/.exec(engines.node).map(Number);
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  console.error(
    `Countersign needs Node ${wantedMajor}.${wantedMinor} or newer, this is ${process.versions.node}`,
  );
  process.exit(1);
}

// The one answer that needs no source of ours.
if (process.argv.length === 3 && /^(?:-V|--version)$/.test(process.argv[2])) {
  console.log(version);
} else if (existsSync(new URL("main.js", import.meta.url))) {
  // The published package is JavaScript already. Node keeps what it has compiled of it, from 22 on.
  module.enableCompileCache?.();
  await import("./main.js");
} else {
  try {
    accessSync(tmpdir(), constants.W_OK | constants.X_OK);
  } catch {
    // Where tsx keeps what it has compiled. It fails if it cannot.
    process.env.TSX_DISABLE_CACHE = "1";
    console.error(
      `Temporary folder "${tmpdir()}" cannot be written to, so that every start takes longer: set TMPDIR to one that can`,
    );
  }

  // The sources are TypeScript and run as they are: tsx is registered, then the command is loaded.
  // Where hooks run in a thread, tsx is loaded there alone: here it would only hand it over, which takes half as long again.
  if (module.registerHooks === undefined) {
    process.setSourceMapsEnabled(true);
    module.register("tsx/esm", import.meta.url, { data: {} });
    module.register("./_no_locales.js", import.meta.url);
  } else {
    const { register } = await import("tsx/esm/api");
    register();
    module.registerHooks(await import("./_no_locales.js"));
  }
  await import("./main.ts");
}
