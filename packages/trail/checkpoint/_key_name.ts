/** A name that a key may have: not empty, no Unicode space, no plus, no control character. */
export const KEY_NAME: RegExp = /^[^\s+\p{Z}\p{Cc}\p{Cs}]{1,255}$/u;
