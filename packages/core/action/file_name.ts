/** Controls, marks of direction and other invisible characters; but those that join letters and emoji. */
const INVISIBLE =
  /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]/u;

/** RFC 2047; and RFC 2231's way to say the character set of a parameter. */
const ENCODED = /=\?[^?]*\?[bq]\?|^[\w.-]+'[\w-]*'.*%[\da-f]{2}/i;

/**
 * Why a file may not be called so, or nothing: the name that is judged must be the one that every mail program shows and
 * saves. Some decode encoded words in it, some end it at a quote, and Windows forgets dots and blanks at its end.
 */
export function fileNameProblem(name: string): string | undefined {
  if (/[/\\]/.test(name)) return "A file name must not hold slashes";
  if (INVISIBLE.test(name)) return "A file name must be one line without control or invisible characters";
  if (ENCODED.test(name)) return "A file name must be plain text, without encoded words";
  if (/["<>|?*]/.test(name)) return 'A file name must not hold any of " < > | ? *';
  if (/^[.\s]*$/.test(name)) return "A file name must not be of dots and blanks alone";
  if (/^\s|[.\s]$/.test(name)) return "A file name must not begin with a blank, nor end with a dot or blank";
  return undefined;
}
