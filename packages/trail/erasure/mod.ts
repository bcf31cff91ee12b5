export { type ErasedBodies, type EraseOldBodiesOptions, eraseOldBodies } from "./erase_old_bodies.ts";
export { type EraseValuesOptions, eraseValues } from "./erase_values.ts";
export { findPersonValues } from "./find_person_values.ts";
export { namesPerson } from "./names_person.ts";
export type * from "./person_values.ts";
