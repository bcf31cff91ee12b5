import type { Look } from "./look.ts";
import { readXml } from "./read_xml.ts";

/** Elements that do something, in SVG and XHTML, whatever their prefix. */
const ACTIVE_ELEMENTS = new Set([
  "script",
  "foreignobject",
  "iframe",
  "frame",
  "object",
  "embed",
  "applet",
  "handler",
  "listener",
  "animate",
  "set",
  "form",
  "meta",
  "base",
  "link",
]);

/** Looks into an SVG picture: it must be a picture alone. */
export function lookIntoSvg(bytes: Uint8Array, look: Look): void {
  let style = "";
  const isWhole = readXml(bytes, {
    onElement: (name, attributes) => {
      if (ACTIVE_ELEMENTS.has(name)) look.dangers.add("active");
      for (const [key, value] of attributes) {
        if (key.startsWith("on") || (key === "href" && !isHarmlessLink(name, value)))
          look.dangers.add("active");
        if (key === "src" || fetches(value)) look.dangers.add("active");
      }
    },
    onText: (text, element) => {
      if (element === "style") style += text;
    },
    onInstruction: () => look.dangers.add("active"),
    onDoctype: (text) => {
      if (/\[|<!|%/.test(text)) look.dangers.add("active");
    },
  });
  if (fetches(style)) look.dangers.add("active");
  if (!isWhole) look.dangers.add("unlisted");
}

function isHarmlessLink(element: string, href: string): boolean {
  const target = href.trim();
  return (
    target.startsWith("#") ||
    /^data:image\/(?:png|jpe?g|gif|webp);/i.test(target) ||
    (element === "a" && /^(?:https?|mailto):/i.test(target))
  );
}

/** Styles that fetch something: only parts of the picture itself, and pictures in it, may be named. */
function fetches(style: string): boolean {
  return /@import|\\|expression\s*\(|javascript:|url\s*\(\s*["']?\s*(?!#|data:image\/(?:png|jpe?g|gif|webp);)[^\s"')]/i.test(
    style,
  );
}

/** Looks into XML: no entities, no programs named to show it, nothing that a browser would run. */
export function lookIntoXml(bytes: Uint8Array, look: Look): void {
  const isWhole = readXml(bytes, {
    onElement: (name, attributes) => {
      const isMarkup = [...attributes].some(
        ([key, value]) => key.startsWith("on") && /^on[a-z]+$/.test(key) && /[(=;]/.test(value),
      );
      if (["script", "foreignobject", "iframe"].includes(name) || isMarkup) look.dangers.add("active");
      if (
        [...attributes.values()].some((value) =>
          /^http:\/\/www\.w3\.org\/(?:1999\/xhtml|2000\/svg|1999\/xsl)/i.test(value.trim()),
        )
      )
        look.dangers.add("active");
    },
    onInstruction: (target) => {
      if (/stylesheet|mso-application/i.test(target)) look.dangers.add("active");
    },
    onDoctype: (text) => {
      if (/\[|<!|%/.test(text)) look.dangers.add("active");
    },
  });
  if (!isWhole) look.dangers.add("unlisted");
}
