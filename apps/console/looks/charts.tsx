/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { JSX } from "hono/jsx/jsx-runtime";
import { plain } from "./plain.ts";

/** How a part of a column looks, from the accent to what should be noticed. */
export type Shade = "one" | "two" | "three";

/** Columns side by side, each of parts one upon the other. */
export interface ColumnsProps {
  /** What the picture shows, for those who hear the page. */
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly shade: Shade }[];
  /** Values in the order of the parts. */
  readonly columns: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** A value in words, at the axis. */
  readonly format?: (value: number) => string;
}

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 26;
const TOP = 10;

/** A picture of columns, with a key where there is more than one part; a table beside it says the same. */
export function Columns({ label, parts, columns, format = String }: ColumnsProps): JSX.Element {
  const top = niceTop(
    Math.max(1, ...columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0))),
  );
  const height = (value: number) => ((HEIGHT - BOTTOM - TOP) * value) / top;
  const step = (WIDTH - LEFT) / Math.max(1, columns.length);
  const width = Math.min(48, step * 0.62);
  return (
    <figure class="chart">
      {parts.length > 1 && <Key parts={parts} />}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((share) => {
          const y = HEIGHT - BOTTOM - height(top * share);
          return (
            <>
              <line class="axis" x1={LEFT} x2={WIDTH} y1={y} y2={y} />
              <text x={LEFT - 8} y={y + 4} text-anchor="end">
                {format(top * share)}
              </text>
            </>
          );
        })}
        {columns.map(({ label: name, values }, index) => {
          const x = LEFT + step * index + (step - width) / 2;
          let under = 0;
          return (
            <>
              {values.map((value, part) => {
                const y = HEIGHT - BOTTOM - height(under + value);
                under += value;
                return (
                  <rect class={parts[part]?.shade ?? "one"} x={x} y={y} width={width} height={height(value)}>
                    <title>{`${name}: ${parts[part]?.name ?? ""} ${format(value)}`}</title>
                  </rect>
                );
              })}
              <text x={x + width / 2} y={HEIGHT - 8} text-anchor="middle">
                {name}
              </text>
            </>
          );
        })}
      </svg>
    </figure>
  );
}

function Key({ parts }: Pick<ColumnsProps, "parts">): JSX.Element {
  return (
    <figcaption>
      {parts.map(({ name, shade }) => (
        <span key={name} class="key">
          <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
            <rect class={shade} width="10" height="10" rx="2" />
          </svg>
          {name}
        </span>
      ))}
    </figcaption>
  );
}

/** Bars one under the other, each with its name and value. */
export interface BarsProps {
  readonly label: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
  readonly format?: (value: number) => string;
}

const ROW = 26;
const NAMES = 168;
const BARS_WIDTH = 460;

/** A picture of bars, the longest of which fills it. */
export function Bars({ label, bars, format = String }: BarsProps): JSX.Element {
  const top = Math.max(1, ...bars.map(({ value }) => value));
  const full = BARS_WIDTH - NAMES - 74;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${BARS_WIDTH} ${Math.max(1, bars.length) * ROW}`} role="img" aria-label={label}>
        {bars.map(({ name, value }, index) => {
          const y = index * ROW;
          const length = Math.max(2, (full * value) / top);
          return (
            <>
              <text x={NAMES - 10} y={y + 17} text-anchor="end">
                {plain(name, 24)}
              </text>
              <rect class="one" x={NAMES} y={y + 5} width={length} height={ROW - 10} rx="2" />
              <text x={NAMES + length + 8} y={y + 17}>
                {format(value)}
              </text>
            </>
          );
        })}
      </svg>
    </figure>
  );
}

/** The next number that is easily halved and read: 1, 2, 4, 6, 10, 20, 40, 60, 100, … */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
