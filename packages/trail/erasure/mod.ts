export { type ErasedBodies, type EraseOldBodiesOptions, eraseOldBodies } from "./erase_old_bodies.ts";
export { type EraseValuesOptions, eraseValues } from "./erase_values.ts";
export { findPersonValues, type PersonValues } from "./find_person_values.ts";
export { namesPerson } from "./names_person.ts";
