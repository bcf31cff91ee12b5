/** A path in a request. */
const FIELD = /^[\w.-]{0,100}$/;

/** A field's name as an answer and a record may hold it: it is the caller's own text, and what is no name is not repeated. */
export function fieldName(field: string): string {
  return FIELD.test(field) ? field : `(a field whose name has ${field.length} characters)`;
}
