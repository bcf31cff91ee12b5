/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import type { LinesAround } from "@countersign/trail/report";
import type { JSX } from "hono/jsx/jsx-runtime";
import { CodeLines } from "./code_lines.tsx";
import { State, type Tone } from "./parts.tsx";
import { plain } from "./plain.ts";

/** Something that a rule had to say, as a record has it. */
export interface FindingProps {
  readonly rule: string;
  readonly effect: string;
  readonly message: string;
  readonly detail: string | null;
  readonly where: string | null;
  /** The policy's lines around the place that decided. */
  readonly around?: LinesAround | undefined;
}

const TONES: Readonly<Record<string, Tone>> = { deny: "bad", flag: "warn", hold: "warn", warn: "info" };

/** A finding, and the lines of the policy that it comes from. */
export function Finding({ rule, effect, message, detail, where, around }: FindingProps): JSX.Element {
  return (
    <div class="finding">
      <p class="finding-head">
        <State tone={TONES[effect] ?? "info"}>{plain(effect)}</State>
        <code>{plain(rule)}</code>
      </p>
      <p>{plain(message, 2_000)}</p>
      {detail !== null && <p class="quiet">{plain(detail, 2_000)}</p>}
      {around && (
        <CodeLines
          label={`Lines of ${around.name} around line ${around.line}`}
          lines={around.lines}
          first={around.first}
          marked={around.line}
        />
      )}
      {where !== null && <p class="quiet small">{plain(where, 300)}</p>}
    </div>
  );
}
