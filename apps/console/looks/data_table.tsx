/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

/** A column of a table. */
export interface Column {
  readonly label: string;
  /** Numbers stand right, digit under digit. */
  readonly isNumber?: boolean;
  /** The label is for those who hear the table, and on a telephone. */
  readonly isHidden?: boolean;
}

/** A table. */
export interface DataTableProps {
  readonly caption: string;
  /** The caption is shown already, as a heading above. */
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly Column[];
  /** Cells in the order of the columns; the first names the row. */
  readonly rows: readonly (readonly Child[])[];
  /** Classes of rows, in their order. */
  readonly classes?: readonly (string | undefined)[];
}

/** A table with a caption; on a telephone, each row is a card, whose values are labelled. */
export function DataTable({ caption, isCaptionHidden, columns, rows, classes }: DataTableProps): JSX.Element {
  return (
    <table class="data">
      <caption class={isCaptionHidden ? "hidden" : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ label, isNumber, isHidden }) => (
            <th key={label} scope="col" class={isNumber ? "number" : undefined}>
              {isHidden ? <span class="hidden">{label}</span> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row} class={classes?.[row]}>
            {cells.map((cell, index) => {
              const { label = "", isNumber } = columns[index] ?? {};
              const props = { "data-label": label, class: isNumber ? "number" : undefined };
              return index === 0 ? (
                <th key={label} scope="row" {...props}>
                  {cell}
                </th>
              ) : (
                <td key={label} {...props}>
                  {cell}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
