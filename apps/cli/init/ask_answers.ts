import { createInterface } from "node:readline/promises";
import { QUESTIONS, type TeamAnswers } from "./questions.ts";

/** How to ask. */
export interface AskAnswersOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** What is wrong with the answer to the question with this `path`, given all answers so far. */
  readonly problemAt: (path: string, answers: Partial<TeamAnswers>) => string | undefined;
}

/**
 * Asks for what is not answered yet, each until its answer has no problem.
 *
 * @throws {Error} when the input ends before
 */
export async function askAnswers(
  given: Partial<TeamAnswers>,
  { input, output, problemAt }: AskAnswersOptions,
): Promise<Partial<TeamAnswers>> {
  const terminal = createInterface({ input, output });
  const ended = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new Error("Cannot go on without an answer: nothing was written")));
  });
  // It is raced with every question; after the last one nobody waits for it.
  ended.catch(() => {});
  try {
    let answers = given;
    for (const key of Object.keys(QUESTIONS) as (keyof TeamAnswers)[]) {
      const { text, path, fallback } = QUESTIONS[key];
      while (answers[key] === undefined) {
        const usual = fallback?.(answers);
        const hint = usual ? ` [${usual}]` : "";
        const answer = (await Promise.race([terminal.question(`${text}${hint}: `), ended])).trim() || usual;
        const candidate = { ...answers, [key]: answer };
        const problem = answer === undefined ? "An answer is needed" : problemAt(path, candidate);
        if (problem === undefined) answers = candidate;
        else output.write(`  ${problem}\n`);
      }
    }
    return answers;
  } finally {
    terminal.close();
  }
}
