export { type InspectJob, inspect } from "./inspect.ts";
export { Inspector, type InspectorOptions } from "./inspector.ts";
export { readFile } from "./read/read_file.ts";
