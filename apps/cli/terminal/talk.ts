import { styleText } from "node:util";

/** How much a command says besides its result. */
export interface Talk {
  /** Nothing besides results, and what went wrong. */
  readonly quiet: boolean;
  /** How far long work is, on a terminal. */
  readonly progress: boolean;
}

/** What a text is about, which decides its colour. */
export type Tone = "good" | "bad" | "careful" | "place";

const COLOURS = { good: "green", bad: "red", careful: "yellow", place: "cyan" } as const;

let talk: Talk = { quiet: false, progress: true };

/** Sets how much is said by this command line. */
export function setTalk(wanted: Talk): void {
  talk = wanted;
}

/** Whether all is left out but results and what went wrong. */
export function isQuiet(): boolean {
  return talk.quiet;
}

/** A hint on stderr: what to do next, what was left out. `--quiet` leaves it out. */
export function hint(text: string): void {
  if (!talk.quiet) console.error(text);
}

/** Where long work shows how far it is: stderr if it is a terminal and somebody wants it; undefined: nowhere. */
export function progressStream(): NodeJS.WriteStream | undefined {
  return process.stderr.isTTY && talk.progress && !talk.quiet ? process.stderr : undefined;
}

/** A text in its colour, where the stream is a terminal that shows some and `NO_COLOR` is not set; `FORCE_COLOR` wants it anywhere. */
export function paint(
  tone: Tone | undefined,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return tone !== undefined && hasColours(stream)
    ? styleText(COLOURS[tone], text, { validateStream: false })
    : text;
}

function hasColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR = "", FORCE_COLOR = "" } = process.env;
  // https://no-color.org: when present and not an empty string.
  if (NO_COLOR !== "") return false;
  if (FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return stream.isTTY && stream.hasColors();
}
