import { Parser } from "htmlparser2";
import { visible } from "./inert_text.tsx";

/** What only orders or stresses text. */
const TAGS: ReadonlySet<string> = new Set(
  (
    "p div span br hr h1 h2 h3 h4 h5 h6 strong b em i u s del ins sub sup small mark code pre kbd samp var q cite abbr " +
    "blockquote ul ol li dl dt dd table caption thead tbody tfoot tr th td section article address figure figcaption center"
  ).split(" "),
);

/** Attributes that change what a text says; a name is followed by all that its value may be. */
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  start: /^\d{1,9}$/,
  colspan: /^\d{1,2}$/,
  rowspan: /^\d{1,2}$/,
  dir: /^(?:ltr|rtl|auto)$/i,
};

/** Their content is for machines, in every program for email. */
const MACHINES: ReadonlySet<string> = new Set(["script", "style"]);

const VOID: ReadonlySet<string> = new Set(["br", "hr"]);

/** So much of an address or a comment is told, in UTF-16 units. */
const MAX_TOLD = 500;

/**
 * HTML from outside as HTML in which nothing acts, is fetched or hides: tags of a fixed list, written anew without styles,
 * classes and whatever else could hide text or reach out. Of links and pictures the address is told as text, and of comments
 * what they say.
 */
export function inertHtml(html: string): string {
  const parts: string[] = [];
  /** Where links that are open lead to. */
  const links: string[] = [];
  let machines = 0;
  const tell = (text: string) =>
    parts.push(`<span class="told">[${escapeHtml(text.trim().slice(0, MAX_TOLD).toWellFormed())}]</span>`);
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (MACHINES.has(name)) {
        machines += 1;
        tell(`a ${name} is left out`);
      } else if (name === "a") {
        links.push(attributes.href ?? "");
        parts.push('<span class="link">');
      } else if (name === "img") tell(`picture: ${attributes.alt ?? ""} ${attributes.src ?? ""}`);
      else if (name === "input") tell(`field: ${attributes.value ?? attributes.placeholder ?? ""}`);
      else if (TAGS.has(name)) parts.push(`<${name}${attributesOf(attributes)}>`);
    },
    ontext: (text) => {
      if (machines === 0) parts.push(escapeHtml(text));
    },
    onclosetag: (name) => {
      if (MACHINES.has(name)) machines -= 1;
      else if (name === "a") {
        parts.push("</span>");
        const to = links.pop() ?? "";
        if (to !== "") tell(to);
      } else if (TAGS.has(name) && !VOID.has(name)) parts.push(`</${name}>`);
    },
    oncomment: (text) => {
      if (text.trim() !== "") tell(`comment: ${text.trim()}`);
    },
  });
  parser.write(html);
  parser.end();
  return parts.join("");
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .filter(([name, value]) => Object.hasOwn(ATTRIBUTES, name) && ATTRIBUTES[name]?.test(value))
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return visible(text).replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
