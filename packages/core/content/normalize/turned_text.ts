import { decodeEscapes } from "./_decode_escapes.ts";

/** What an override is written with: the character, its entities, and HTML and CSS that do the same. */
const MAY_TURN = /\u202e|&#x?0*(?:8238|202e)\b|%e2%80%ae|\\u202e|<bdo\b|bidi-override/i;
const ELEMENT =
  /<(bdo|[a-z]{1,10})\b(?=[^<>]{0,300}(?:\brtl\b|bidi-override))[^<>]{0,300}>([^<>]{1,2000})<\/\1>/gi;
/** Up to what ends it: pop, the end of an isolate, or of the line. */
const TURNED = /\u202e([^\n\u202c\u2069]*)/g;

/**
 * The text as it is shown where it is turned around: what follows a right-to-left override (UAX #9), or is in
 * `<bdo dir="rtl">`. Undefined when nothing is. Linear.
 */
export function turnedText(text: string): string | undefined {
  if (!MAY_TURN.test(text)) return undefined;
  const decoded = decodeEscapes(text);
  const shown = decoded
    .replace(ELEMENT, (_, __, inner: string) => reverse(inner))
    .replace(TURNED, (_, inner: string) => reverse(inner));
  return shown === decoded ? undefined : shown;
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}
