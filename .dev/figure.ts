/** One figure of a benchmark, which tells it to its runner: `process.send?.({ … } )`. */
export interface Figure {
  /** What was measured. */
  readonly what: string;
  readonly value: number;
  /** What `value` counts: `ms`, `/s`, `MB`, `KB`; empty for a bare number. */
  readonly unit: string;
  /** `value` compared with what `to` names, measured in the same run. */
  readonly ratio?: number;
  readonly to?: string;
  /** What `ratio`, or without one `value`, is to reach: `>= 0.35`, `<= 10`. */
  readonly aim?: string;
}

const AIM = /^(>=|<=) (\d+(?:\.\d+)?)$/;

/**
 * Reads what a benchmark told.
 *
 * @throws {TypeError} when it is no figure
 */
export function readFigure(message: unknown): Figure {
  const { what, value, unit, ratio, to, aim } = Object(message) as Partial<Record<keyof Figure, unknown>>;
  const isNumber = (one: unknown) => typeof one === "number" && Number.isFinite(one);
  const isFigure =
    typeof what === "string" &&
    isNumber(value) &&
    typeof unit === "string" &&
    (ratio === undefined ? to === undefined : isNumber(ratio) && typeof to === "string") &&
    (aim === undefined || (typeof aim === "string" && AIM.test(aim)));
  if (!isFigure) throw new TypeError(`Cannot read a figure: ${JSON.stringify(message)}`);
  return message as Figure;
}

/** Whether a figure reaches its aim; undefined: it has none. */
export function isReached({ value, ratio, aim }: Figure): boolean | undefined {
  const [, sign, bound] = AIM.exec(aim ?? "") ?? [];
  if (bound === undefined) return undefined;
  const reached = ratio ?? value;
  return sign === ">=" ? reached >= Number(bound) : reached <= Number(bound);
}

/** Figures as a table for a terminal, one line each. */
export function figureTable(figures: readonly (Figure & { readonly part: string })[]): string {
  const rows = figures.map((figure) => {
    const { part, what, value, unit, ratio, to, aim } = figure;
    const reached = isReached(figure);
    return [
      part,
      what,
      `${inDigits(value)}${unit === "" || unit.startsWith("/") ? unit : ` ${unit}`}`,
      ratio === undefined ? "" : `${inDigits(ratio)} × ${to}`,
      aim === undefined ? "" : `${aim}${reached ? "" : " MISSED"}`,
    ];
  });
  const lines = [["part", "what", "measured", "ratio", "aim"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A number with three digits that count. */
function inDigits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}
