import { Composer, type Document, type ErrorCode, Lexer, Parser } from "yaml";
import { explainSyntax } from "./_explain_syntax.ts";

/** Files nested or cut up further than this are attacks on the parser: policies need 7 levels. */
const MAX_OPEN = 50;
const MAX_LEXEMES = 200_000;
const MAX_BACKSLASHES = 10_000;

/** The first problems are enough: later ones mostly follow from them. */
const MAX_ERRORS = 20;

/** Some of the library's messages repeat the input. */
const MAX_MESSAGE = 200;

/** What the library says in words that mean little to people who write policies. */
const MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  NON_STRING_KEY: "Keys must be plain words",
  TAG_RESOLVE_FAILED: 'Tags are not supported: remove the one that starts with "!"',
};

/** A document without syntax errors, or what is wrong where. */
export type ParsedYaml =
  | { readonly ok: true; readonly document: Document.Parsed }
  | { readonly ok: false; readonly errors: readonly YamlError[] };

/** Something that is not YAML 1.2 core, or more of it than policies need. */
export interface YamlError {
  readonly offset: number;
  readonly message: string;
}

/**
 * Parses one YAML 1.2 document in time linear to its length. The library's own checks of duplicate keys and aliases are
 * left out since they are not: `readNodes` makes them.
 */
export function parseYaml(text: string): ParsedYaml {
  if (text.split("\\").length > MAX_BACKSLASHES)
    return refuse(0, "File must not hold more than 10,000 backslashes");
  const parser = new Parser();
  const tokens = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MAX_LEXEMES) return refuse(parser.offset, "File holds too many values: split it up");
    // The library would point at the end of the file.
    if (/^["']/.test(lexeme) && (lexeme.length === 1 || !lexeme.endsWith(lexeme.charAt(0))))
      return refuse(parser.offset, "Missing closing quote");
    for (const token of parser.next(lexeme)) {
      if (token.type === "directive")
        return refuse(token.offset, 'Directives are not supported: remove the line that starts with "%"');
      tokens.push(token);
    }
    // The library recurses as deep as the input is nested; here its stack is still a list.
    if (parser.stack.length > MAX_OPEN) return refuse(parser.offset, "Values are nested too deeply");
  }
  tokens.push(...parser.end());

  const composer = new Composer({
    version: "1.2",
    schema: "core",
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return refuse(0, "File is empty");
  const found = [...document.errors, ...document.warnings].slice(0, MAX_ERRORS);
  const slips = explainSyntax(
    text,
    found.map(({ code, pos: [offset] }) => ({ code, offset })),
  );
  // What the library says besides follows from a slip; several of its errors may come of one.
  const said: readonly YamlError[] =
    slips.length > 0
      ? slips
      : found.map(({ code, message, pos: [offset] }) => ({
          offset,
          message: MESSAGES[code] ?? message.slice(0, MAX_MESSAGE),
        }));
  const errors = new Map(said.map((error) => [error.offset, error]));
  if (second !== undefined)
    errors.set(second.range[0], {
      offset: second.range[0],
      message: 'File must hold one document: remove what follows "---"',
    });
  if (errors.size > 0) return { ok: false, errors: [...errors.values()].slice(0, MAX_ERRORS) };
  return { ok: true, document };
}

function refuse(offset: number, message: string): ParsedYaml {
  return { ok: false, errors: [{ offset, message }] };
}
