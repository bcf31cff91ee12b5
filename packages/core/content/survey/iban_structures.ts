/** Which countries write their account numbers how: `n` digits, `a` letters, `c` either (SWIFT IBAN registry, release 100). */
const COUNTRIES_BY_STRUCTURE: Readonly<Record<string, string>> = {
  a1n10c12: "IT SM",
  a4c13: "LV",
  a4c14: "BH",
  a4c15: "GI",
  a4c16: "RO",
  a4c20: "AZ",
  a4c21: "QA",
  a4c22: "KW",
  a4c24: "LC",
  a4n10: "NL",
  a4n14: "GB",
  a4n15: "IQ",
  a4n19a3: "MU",
  a2n12: "FK",
  a4n20: "HN NI SV",
  a4n20a3: "SC",
  c4n20: "DO",
  c4n4c16: "BY",
  a4n4c18: "JO YE",
  a4n5c18: "MT",
  a4n6c8: "BG",
  c24: "GT",
  c2n16: "GE",
  c4n14: "IE",
  c4n16: "VG",
  c20: "MD PK",
  c25: "PS",
  n10c11n2: "BL FR GF GP MC MF MQ NC PF PM RE TF WF YT",
  n11: "NO",
  n12: "BE",
  n14: "AX DK FI FO GL SD",
  n14c15: "RU",
  n15: "SI",
  n16: "AT BA EE LT MN XK",
  n17: "HR",
  n18: "CR DE ME RS VA",
  n19: "AE IL SO TL",
  n20: "CZ ES SE SK TN",
  n21: "LY PT ST",
  n22: "IS",
  n23: "BI DJ MR",
  n23a1c1: "BR",
  n24: "HU PL",
  n25: "EG",
  n2c18: "SA",
  n3c10n2: "MK",
  n3c13: "KZ LU",
  n3c16: "OM",
  n4c20: "LB",
  n5c12: "CH LI",
  n5c17: "TR",
  n6c19: "UA",
  n7c16: "GR",
  n8c12: "AD",
  n8c16: "AL CY",
};

/** What follows the country and the two check digits of an IBAN. */
export interface IbanStructure {
  /** Of the whole IBAN, in characters. */
  readonly length: number;
  /** Of the part after the check digits, upper-case. */
  readonly pattern: RegExp;
}

/** Country code → its structure. */
export const IBAN_STRUCTURES: ReadonlyMap<string, IbanStructure> = new Map(
  Object.entries(COUNTRIES_BY_STRUCTURE).flatMap(([structure, countries]) =>
    countries.split(" ").map((country) => [country, toStructure(structure)]),
  ),
);

function toStructure(structure: string): IbanStructure {
  const classes: Readonly<Record<string, string>> = { n: "[0-9]", a: "[A-Z]", c: "[A-Z0-9]" };
  let length = 4;
  const source = structure.replace(/([nac])(\d+)/g, (_, kind: string, count: string) => {
    length += Number(count);
    return `${classes[kind]}{${count}}`;
  });
  return { length, pattern: new RegExp(`^${source}$`) };
}
