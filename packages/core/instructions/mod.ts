export { approvalWords } from "./approval_words.ts";
export { assistantInstructions } from "./assistant_instructions.ts";
export { policySentences } from "./policy_sentences.ts";
