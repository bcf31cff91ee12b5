export { fingerprint } from "./fingerprint.ts";
export { similarity } from "./similarity.ts";
