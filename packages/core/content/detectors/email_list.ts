import type { Survey } from "../survey/survey.ts";

/** So many different addresses in one text are a list: more than a thread's usual To and Cc lines quoted below it. */
const MIN_ADDRESSES = 10;

const AT = /@|[ \t]?[[(](?:at|@)[\])][ \t]?/gi;
const LOCAL = /[a-z0-9._%+'-]{1,64}$/i;
const DOMAIN = /^[a-z0-9][a-z0-9-]*(?:(?:\.|[ \t]?[[(](?:dot|\.)[\])][ \t]?)[a-z0-9][a-z0-9-]*)+/i;

/** Finds a list of at least ten different email addresses, `name (at) domain` included. Where it begins. */
export function emailList({ text }: Survey): number {
  if (countSigns(text) < MIN_ADDRESSES) return -1;
  const seen = new Set<string>();
  let start = -1;
  for (const { 0: sign, index } of text.matchAll(AT)) {
    const local = LOCAL.exec(text.slice(Math.max(0, index - 64), index))?.[0];
    const domain = DOMAIN.exec(text.slice(index + sign.length, index + sign.length + 100))?.[0];
    if (local === undefined || domain === undefined) continue;
    if (start < 0) start = index - local.length;
    seen.add(`${local}@${domain}`.toLowerCase());
    if (seen.size >= MIN_ADDRESSES) return start;
  }
  return -1;
}

/** A cheap upper bound of the number of addresses. */
function countSigns(text: string): number {
  let count = 0;
  for (const sign of ["@", "at)", "at]", "AT)", "AT]"]) {
    for (let at = text.indexOf(sign); at >= 0 && count < MIN_ADDRESSES; at = text.indexOf(sign, at + 1))
      count++;
  }
  return count;
}
