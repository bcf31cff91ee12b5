export { assistantInstructions } from "./assistant_instructions.ts";
export { policySentences } from "./policy_sentences.ts";
