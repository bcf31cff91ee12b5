import { isRepeatedSign, isWordsOnly } from "./_looks_random.ts";

/** `scheme://user:password@host`, from the colon on (RFC 3986, 3.2.1). */
const USER_INFO = /:\/\/([^\s:/@?#"'<>`]{0,100}):([^\s/"'<>`]{1,200})@(\[?[\w.-]{1,200})/y;
/** `…;Password=…` (ADO, ODBC), `?password=…` (JDBC). */
const PASSWORD = /[?&;" ](?:password|passwd|pwd)[ ]?=[ ]?([^;&\s"']{1,100})/gi;
/** What stands in the same string as such a password. */
const OF_A_DATABASE =
  /jdbc:|(?:postgres\w*|my|maria|mongo\w*|ms|sql\w*|oracle|clickhouse|snowflake)[\w+]*:\/\/|(?:server|data source|host|address|addr|user(?: ?id|name)?|uid|database|initial catalog)[ ]?=/i;
const NEAR = 200;
const LOCAL_HOST =
  /^(?:\[?::1|127\.0\.0\.1|localhost|db|database|postgres|mysql|redis|host(?:name)?|example)$|example/i;

/** Where a password for a database, or for any other server, stands in its address or connection string, or -1. */
export function connectionString(text: string): number {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 1)) {
    USER_INFO.lastIndex = at;
    const [, user = "", password = "", host = ""] = USER_INFO.exec(text) ?? [];
    if (isPassword(password) && !(password === user && LOCAL_HOST.test(host))) return at;
  }
  if (!/pass|pwd/i.test(text)) return -1;
  for (const { 0: whole, 1: password = "", index } of text.matchAll(PASSWORD)) {
    const around =
      text.slice(Math.max(0, index - NEAR), index) +
      text.slice(index + whole.length, index + whole.length + NEAR);
    if (isPassword(password) && OF_A_DATABASE.test(around)) return index;
  }
  return -1;
}

/** Not a variable, a mask or a word for one. */
function isPassword(text: string): boolean {
  return (
    text !== "" && !/^[<[{$%*]|[>\]}%]$|\$\{|\{\{/.test(text) && !isWordsOnly(text) && !isRepeatedSign(text)
  );
}
