import { z } from "zod";
import type { Written } from "../values/written.ts";
import { optional } from "./_key_facts.ts";
import * as leaf from "./_leaves.ts";

/** `hours:`, of a team, an assistant or the organisation: windows, or one in the short form. */
export interface HoursFile {
  readonly timezone: string;
  readonly windows?: readonly WindowFile[];
  /** The short form: one window, with its keys beside the others. */
  readonly days?: Written<ReadonlySet<number>>;
  readonly from?: Written<number>;
  readonly to?: Written<number>;
  readonly holidays?: readonly string[];
  readonly outside?: "schedule" | "deny";
}

/** One of `windows:`. */
export interface WindowFile {
  readonly days: Written<ReadonlySet<number>>;
  readonly from: Written<number>;
  readonly to: Written<number>;
}

/** `holidays:` of the organisation, by name. */
export type HolidaysFile = Readonly<Record<string, readonly Written<number>[]>>;

const window = {
  days: leaf.weekdays("Days on which it begins: mon-fri"),
  from: leaf.timeOfDay('When it begins: "08:00"'),
  to: leaf.timeOfDay(
    'When it ends: "18:00"; a time that is not after "from" is on the next day, as in "22:00" to "06:00"',
  ),
};

/** The keys of the short form, with what they say: all of them, or `windows`. */
export const SHORT_FORM: Readonly<Record<"days" | "from" | "to", string>> = {
  days: "Working days: mon-fri",
  from: 'When they start: "08:00"',
  to: 'When they end: "18:00"',
};

/** Reads `hours:`; `about` says whose, `outside` what holds without that key. */
export function hoursSchema(about: string, { outside }: { readonly outside: string }): z.ZodType<HoursFile> {
  return z
    .strictObject({
      timezone: leaf.timeZone("IANA time zone: Europe/Paris"),
      windows: optional(
        z
          .array(z.strictObject(window).describe("One window"))
          .min(1, "Must not be empty: without windows no email would ever leave")
          .describe("When email may leave; one over midnight belongs to the day on which it begins"),
        "the window of days, from and to",
      ),
      days: optional(leaf.weekdays(SHORT_FORM.days), "the days of windows"),
      from: optional(leaf.timeOfDay(SHORT_FORM.from), "the times of windows"),
      to: optional(leaf.timeOfDay(SHORT_FORM.to), "the times of windows"),
      holidays: optional(
        z
          .array(leaf.id("A list of the organisation's holidays"))
          .describe("Lists of days on which no window begins"),
        "none",
      ),
      outside: optional(
        z
          .enum(["schedule", "deny"])
          .describe("What happens to email at other times; a reply is denied either way"),
        outside,
      ),
    })
    .describe(about);
}

/** Reads the organisation's `holidays:`. */
export const holidaysSchema: z.ZodType<HolidaysFile> = z.record(
  leaf.id("A list of holidays"),
  z
    .array(leaf.expiry("A day: 2026-12-25"))
    .min(1, "Must not be empty: name a day, or leave the list out")
    .describe("The days"),
);
