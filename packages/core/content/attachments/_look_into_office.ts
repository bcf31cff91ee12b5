import type { Look } from "./look.ts";
import { readXml } from "./read_xml.ts";

/** Relationships of OOXML (ECMA-376 part 2) that bring programs along, by the last part of their type. */
const MACRO_PARTS =
  /\/(?:vbaProject|vbaProjectSignature\w*|wordVbaData|xlMacrosheet|xlIntlMacrosheet|attachedToolbars)$/i;
/** Those that start or fetch something, or hold what nobody can look into. */
const ACTIVE_PARTS =
  /\/(?:oleObject|control|activeXControlBinary|externalLink|externalLinkPath|externalLinkLongPath|attachedTemplate|connections|aFChunk|frame|subDocument|customUI|extensibility|ctrlProp|webextension|webextensiontaskpanes|taskpanes|officeDocument\/2006\/relationships\/ui)$/i;
const MACRO_TYPES = /macroenabled|vbaproject|vbadata|macrosheet|ms-office\.activex|toolbars/i;
const HARMLESS_LINK = /^(?:https?:|mailto:|tel:|#)/i;
/** Fields of Word that start programs or fetch documents. */
const ACTIVE_FIELDS =
  /\bDDE(?:AUTO)?\b|\bINCLUDE(?:TEXT|PICTURE)\b|\bIMPORT\b|\bLINK\s+\w+\.|\bMACROBUTTON\b/i;

/** Looks into one XML part of an OOXML document. */
export function lookIntoOoxmlPart(bytes: Uint8Array, look: Look): void {
  let fields = "";
  const isWhole = readXml(bytes, {
    onElement: (name, attributes) => {
      if (name === "relationship") lookAtRelationship(attributes, look);
      if (name === "override" || name === "default") {
        if (MACRO_TYPES.test(attributes.get("contenttype") ?? "")) look.dangers.add("macros");
      }
      if (name === "ddelink" || name === "olelink") look.dangers.add("active");
      fields += attributes.get("instr") ?? "";
      if (/ppaction:\/\/(?:macro|program|ole)/i.test(attributes.get("action") ?? ""))
        look.dangers.add("active");
    },
    onText: (text, element) => {
      if (element === "instrtext") fields += text;
    },
    onDoctype: () => look.dangers.add("active"),
  });
  if (ACTIVE_FIELDS.test(fields)) look.dangers.add("active");
  if (!isWhole) look.dangers.add("unlisted");
}

function lookAtRelationship(attributes: ReadonlyMap<string, string>, look: Look): void {
  const type = attributes.get("type") ?? "";
  if (MACRO_PARTS.test(type)) look.dangers.add("macros");
  if (ACTIVE_PARTS.test(type)) look.dangers.add("active");
  if (attributes.get("targetmode")?.toLowerCase() !== "external") return;
  const isLink = /\/hyperlink$/i.test(type) && HARMLESS_LINK.test((attributes.get("target") ?? "").trim());
  if (!isLink) look.dangers.add("active");
}

/** Elements of OpenDocument that run or fetch something. */
const ODF_ACTIVE = new Set([
  "script",
  "event-listener",
  "dde-source",
  "dde-link",
  "dde-connection",
  "dde-connection-decl",
  "table-source",
  "cell-range-source",
  "section-source",
  "plugin",
  "applet",
  "floating-frame",
  "object-ole",
]);
/** Elements whose link is a note about where something came from; it is not followed. */
const ODF_NOTES = new Set(["template", "font-face-uri", "auto-reload"]);

/** Looks into one XML part of an OpenDocument file. */
export function lookIntoOdfPart(bytes: Uint8Array, look: Look): void {
  const isWhole = readXml(bytes, {
    onElement: (name, attributes) => {
      if (ODF_ACTIVE.has(name)) look.dangers.add("active");
      if (name === "encryption-data") look.dangers.add("encrypted");
      const href = attributes.get("href")?.trim() ?? "";
      if (ODF_NOTES.has(name) || href === "") return;
      const isHarmless =
        name === "a" ? HARMLESS_LINK.test(href) : !/^(?:[a-z][a-z0-9+.-]+:|\/|\\|\.\.\/)/i.test(href);
      if (!isHarmless) look.dangers.add("active");
    },
    onDoctype: () => look.dangers.add("active"),
  });
  if (!isWhole) look.dangers.add("unlisted");
}
