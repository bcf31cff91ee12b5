import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { exampleProblems, examplesIn, exampleTexts } from "./example_problems.ts";

const ROOT = resolve(import.meta.dirname, "..");

test("examplesIn() takes code out of documents and doc comments, with its place", () => {
  const code = 'const a = "*";\n\nexport { a };\n';
  assert.deepEqual(examplesIn("a.md", `# A\n\n\`\`\`ts\n${code}\`\`\`\n\n\`\`\`sh\nls\n\`\`\`\n`), [
    { file: "a.md", line: 3, code },
  ]);
  const comment = `/**\n * @example\n * \`\`\`ts\n * const a = "*";\n *\n * export { a };\n * \`\`\`\n */\n`;
  assert.deepEqual(examplesIn("a.ts", comment), [{ file: "a.ts", line: 3, code }]);
});

test("every example in the repository is right, and a wrong one is named by its place", () => {
  const examples = exampleTexts(ROOT).flatMap(({ file, text }) => examplesIn(file, text));
  const wrong = {
    file: "packages/x/README.md",
    line: 3,
    code: 'import { parseAddress } from "@countersign/core/address";\nparseAddress(1);\n',
  };
  assert.ok(examples.length >= 10);
  const problems = exampleProblems(ROOT, [...examples, wrong]);
  assert.equal(problems.length, 1, problems.join("\n"));
  assert.match(problems[0] ?? "", /^packages\/x\/README\.md:5: error TS2345: /);
});

test("every @example in a doc comment says what language it is in", () => {
  for (const { file, text } of exampleTexts(ROOT).filter(({ file }) => file.endsWith(".ts"))) {
    const examples = text.match(/^\s*\* @example$/gm) ?? [];
    const fenced = text.match(/^\s*\* @example\n\s*\* ```(?:ts|sh)$/gm) ?? [];
    assert.equal(fenced.length, examples.length, file);
  }
});
