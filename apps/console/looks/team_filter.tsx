/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/** Chooses one of the teams that a page is about, or all; nothing where there is one team only. */
export function TeamFilter({
  action,
  teams,
  team,
}: {
  /** Path of the page. */
  readonly action: string;
  readonly teams: readonly string[];
  /** The one that is shown; empty: all. */
  readonly team: string;
}): Child {
  if (teams.length < 2) return null;
  return (
    <form class="filter" method="get" action={action}>
      <label>
        Team
        <select name="team">
          {["", ...teams].map((name) => (
            <option key={name} value={name} selected={name === team}>
              {name === "" ? "all" : name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Show</button>
    </form>
  );
}
