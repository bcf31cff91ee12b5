export { canonicalText } from "./canonical_text.ts";
export {
  type Aspect,
  type Classes,
  type ClassesOptions,
  type ClassFamily,
  type ClassVariant,
  classesOf,
} from "./class_families.ts";
export { type ClassFile, type ClassRequest, decideClass } from "./class_request.ts";
export { classScenario } from "./class_scenario.ts";
export { mindedRules } from "./minded_rules.ts";
export { looserIn, type Rank } from "./outcome.ts";
export type { RecipientClass, Recipients } from "./recipient_classes.ts";
