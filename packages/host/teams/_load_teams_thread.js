// From source, a new thread knows no TypeScript, whatever its process does (Node 20): tsx is registered, then the work is
// loaded. Its loader of CommonJS does without another thread, and is up in a third of the time.
import { createRequire } from "node:module";
import { register } from "tsx/cjs/api";

register();
createRequire(import.meta.url)("./_serve_parcels.ts");
