/** Checks that imports go one way, and prints each that does not as `file:line: message`. */
import { resolve } from "node:path";
import { boundaryProblems } from "./boundary_problems.ts";

const problems = boundaryProblems(resolve(import.meta.dirname, ".."));
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? "Boundaries hold" : `${problems.length} imports cross a boundary`);
process.exitCode = problems.length === 0 ? 0 : 1;
