/** How sure a number of this prefix and length is a card's. `weak` ones need a word such as "card" nearby. */
export type IssuerMatch = "strong" | "weak" | "none";

interface Range {
  /** Inclusive, compared with as many leading digits as they have. */
  readonly from: string;
  readonly to: string;
  readonly strong: readonly number[];
  readonly weak: readonly number[];
}

/** Issuer identification ranges (ISO/IEC 7812), as the card schemes publish them. */
const RANGES: readonly Range[] = [
  // Visa. 13 digits are out of use, and every fourth EAN begins with a 4.
  { from: "4", to: "4", strong: [16, 19], weak: [13] },
  // Mastercard.
  { from: "51", to: "55", strong: [16], weak: [] },
  { from: "2221", to: "2720", strong: [16], weak: [] },
  // American Express.
  { from: "34", to: "34", strong: [15], weak: [] },
  { from: "37", to: "37", strong: [15], weak: [] },
  // Discover.
  { from: "6011", to: "6011", strong: [16], weak: [17, 18, 19] },
  { from: "644", to: "649", strong: [16], weak: [17, 18, 19] },
  { from: "65", to: "65", strong: [16], weak: [17, 18, 19] },
  // Diners Club.
  { from: "300", to: "305", strong: [14], weak: [16, 17, 18, 19] },
  { from: "3095", to: "3095", strong: [14], weak: [16, 17, 18, 19] },
  { from: "36", to: "36", strong: [14], weak: [16, 17, 18, 19] },
  { from: "38", to: "39", strong: [14], weak: [16, 17, 18, 19] },
  // JCB.
  { from: "3528", to: "3589", strong: [16], weak: [17, 18, 19] },
  // UnionPay.
  { from: "62", to: "62", strong: [16, 19], weak: [17, 18] },
  // Maestro: short ones look like anything.
  ...["5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763"].map(
    (prefix): Range => ({ from: prefix, to: prefix, strong: [16], weak: [12, 13, 14, 15, 17, 18, 19] }),
  ),
];

/** Says whether a card number can begin and be as long as this. Only digits are expected. */
export function matchIssuer(digits: string): IssuerMatch {
  for (const { from, to, strong, weak } of RANGES) {
    const prefix = digits.slice(0, from.length);
    if (prefix < from || prefix > to) continue;
    if (strong.includes(digits.length)) return "strong";
    if (weak.includes(digits.length)) return "weak";
  }
  return "none";
}
