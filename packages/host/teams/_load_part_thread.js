// A new thread knows no TypeScript, whatever its process does (Node 20): tsx is registered, then the work is loaded.
import { register } from "tsx/esm/api";

register();
await import("./_serve_parts.ts");
