import { toUnicode } from "tr46";

/** Which scripts may stand in one label: the recommended ones of UAX #31 alone, or as UTS #39 5.2 combines them. */
const COMBINATIONS = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Bopomofo"],
  ["Latin", "Han", "Hangul"],
  ..."Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada"
    .split(" ")
    .map((s) => [s]),
  ..."Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan".split(" ").map((s) => [s]),
].map((scripts) => {
  const letters = [...scripts, "Common", "Inherited"].map((script) => `\\p{Script=${script}}`);
  return new RegExp(`^[${letters.join("")}]+$`, "u");
});

/** Labels of nothing but letters that pass for Latin ones, unless the top-level domain shows which script it is. */
const IMITATIONS = [
  { script: /\p{Script=Cyrillic}/u, label: /^[аеёорсухкгпьһіїјӏѕԁԛԝҽѵѡүӕ\d-]+$/u },
  { script: /\p{Script=Greek}/u, label: /^[αγικνορτυχωηϲϳ\d-]+$/u },
  { script: /\p{Script=Armenian}/u, label: /^[ցզհյոսօ\d-]+$/u },
  { script: /\p{Script=Georgian}/u, label: /^[იოყძხჽჿ\d-]+$/u },
];

/** What passes for Latin letters, digits or punctuation within one script. */
const SUSPICIOUS = [
  // Phonetic letters and small capitals, "ı" and "ĸ"; not "ə", which Azerbaijani needs.
  /[ıĸƅ\u0250-\u0258\u025a-\u02af\u1d00-\u1dbf\ua730\ua731\uab30-\uab64]/,
  // A mark that does not compose with its letter, as in "i̇".
  /\p{Script=Latin}\p{M}/u,
  // Digits of two systems: "8" and Bengali "৪".
  /[0-9].*(?![0-9])\p{Nd}|(?![0-9])\p{Nd}.*[0-9]/u,
  // Symbols, such as the slash in "bank.com⁄login"; the dots of Catalan "l·l" and of Japanese are letters there.
  /[^\p{L}\p{M}\p{N}·・-]|(?<!l)·|·(?!l)|・.*[a-z]|[a-z].*・/u,
  // Kana and Han strokes that stand beside Latin letters as "/", "|" or "-" would.
  /(?=.*[a-z])(?:^|[a-z])[ノソゾンーヽ一丨丶丿〇ニエ工ロ口〳〵]+(?:[a-z]|$)/,
];

/**
 * Whether a label of a canonical domain, as people would see it, mixes scripts or imitates Latin letters: UTS #39,
 * simplified. Accents are letters of their language: "ạpple" is not found.
 */
export function isLookAlike(domain: string): boolean {
  const labels = toUnicode(domain).domain.split(".");
  const topLevel = labels.at(-1) ?? "";
  return labels.some(
    (label) =>
      /[^ -~]/.test(label) &&
      (!COMBINATIONS.some((combination) => combination.test(label)) ||
        IMITATIONS.some((imitation) => imitation.label.test(label) && !imitation.script.test(topLevel)) ||
        SUSPICIOUS.some((pattern) => pattern.test(label))),
  );
}
