import type { DigitChain, DigitGroup } from "../survey/digit_chain.ts";
import { isCell, standsApart } from "../survey/stands_apart.ts";
import type { Survey } from "../survey/survey.ts";
import { NumberLabels } from "./_number_labels.ts";

const DIGITS = 9;
const SSN_WORD = /(?<![a-z])(?:ssns?|itin|social[ -]?sec(?:urity)?|soc\.? ?sec|s\.s\.n)(?![a-z])/i;
const PHONE_WORD = /(?:\+|tel|phone|mobile|fax|call|whatsapp)[^\d]{0,12}$/i;

/** With a month before it, it is a date. */
const YEAR = /^(?:19|20)/;

/**
 * Finds a United States social security number: area, group and serial that can have been issued (SSA), written
 * 3-2-4, and not called the number of an order, a part or the like. Written any other way it needs a word such as "SSN"
 * nearby, or in the first line, as over a column.
 */
export function usSsn({ text, chains }: Survey): number {
  const labels = new NumberLabels(text);
  for (const chain of chains) {
    for (let i = 0; i < chain.length; i++) {
      const at = ssnAt(text, chain, i, labels);
      if (at >= 0) return at;
    }
  }
  return -1;
}

function ssnAt(text: string, chain: DigitChain, first: number, labels: NumberLabels): number {
  let digits = "";
  for (let last = first; last < chain.length && digits.length < DIGITS; last++) {
    digits += chain[last]?.digits;
    if (digits.length !== DIGITS || !canBeIssued(digits)) continue;
    const groups = chain.slice(first, last + 1);
    const at = groups[0]?.at ?? 0;
    const apart = isApart(chain, first, last);
    if ((apart || isInBlanks(groups)) && isNamed(text, at)) return at;
    if (!apart) continue;
    if (!isWritten(text, groups, () => isInCell(chain, first, last))) continue;
    const { at: lastAt = at, digits: serial = "" } = groups.at(-1) ?? {};
    if (!labels.isLabelled(at, lastAt + serial.length)) return at;
  }
  return -1;
}

function canBeIssued(digits: string): boolean {
  const area = digits.slice(0, 3);
  return (
    area !== "000" &&
    area !== "666" &&
    area < "900" &&
    digits.slice(3, 5) !== "00" &&
    digits.slice(5) !== "0000"
  );
}

/** 3-2-4 with one kind of separator: dashes anywhere, others only where no other number is near. */
function isWritten(text: string, groups: DigitChain, isAlone: () => boolean): boolean {
  const [area, group, serial] = groups;
  if (area === undefined || group === undefined || serial === undefined || groups.some((part) => part.stuck))
    return false;
  if (!isIn324(groups) || group.glue !== serial.glue) return false;
  const before = text.slice(Math.max(0, area.at - 20), area.at);
  if (PHONE_WORD.test(before)) return false;
  if (group.glue.trim() === "-") return true;
  return /^[ ./_]$/.test(group.glue) && !YEAR.test(serial.digits) && isAlone();
}

function isIn324(groups: DigitChain): boolean {
  const [area, group, serial] = groups;
  if (groups.length !== 3 || area?.digits.length !== 3) return false;
  return group?.digits.length === 2 && serial?.digits.length === 4;
}

/** Another number may stand a blank away. */
function isInBlanks(groups: DigitChain): boolean {
  return isIn324(groups) && groups[1]?.glue === " " && groups[2]?.glue === " ";
}

/** The groups before and after are separated in another way. */
function isApart(chain: DigitChain, first: number, last: number): boolean {
  const glue = last > first ? chain[last]?.glue : "-";
  if ((first === 0 || chain[first]?.glue !== glue) && chain[last + 1]?.glue !== glue) return true;
  // Anything but short pieces has been told apart by now.
  return first < last && isShort(chain[first]) && isShort(chain[last]) && standsApart(chain, first, last);
}

function isShort(group: DigitGroup | undefined): boolean {
  return (group?.digits.length ?? 0) <= 4;
}

/** No other number is near, but in another cell or line. */
function isInCell(chain: DigitChain, first: number, last: number): boolean {
  const ends = (at: number): boolean => {
    const group = chain[at];
    return group === undefined || isCell(group.glue) || group.wide;
  };
  return (first === 0 || ends(first)) && ends(last + 1);
}

function isNamed(text: string, at: number): boolean {
  const firstLine = text.slice(0, 400).split("\n", 1)[0] ?? "";
  return SSN_WORD.test(text.slice(Math.max(0, at - 100), at + 60)) || SSN_WORD.test(firstLine);
}
