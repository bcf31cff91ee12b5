/** Type-checks the examples in documents and doc comments, and prints each problem as `file:line: message`. */
import { resolve } from "node:path";
import { exampleProblems, examplesIn, exampleTexts } from "./example_problems.ts";

const root = resolve(import.meta.dirname, "..");
const examples = exampleTexts(root).flatMap(({ file, text }) => examplesIn(file, text));
const problems = exampleProblems(root, examples);
for (const problem of problems) console.log(problem);
console.log(
  problems.length === 0 ? `${examples.length} examples are right` : `${problems.length} problems in examples`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
