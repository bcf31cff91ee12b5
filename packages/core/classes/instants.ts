import { closedBy, hoursOf, nextOpening } from "../decision/working_hours.ts";
import type { HoursPolicy, TeamPolicy } from "../policy/mod.ts";
import { offsetAt } from "../policy/values/zone_offset.ts";
import { canonicalText } from "./canonical_text.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Times that no rule of the policies tells apart. */
export interface Instants {
  /** One of each kind; epoch milliseconds. */
  readonly instants: readonly number[];
  /** What the policies' hours and exceptions say of an instant. */
  readonly signatureOf: (instant: number) => string;
}

/** Whose times, and from when on. */
export interface InstantsOptions {
  readonly assistant: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The policies' hours decide otherwise: every kind of time is tried. Else one at which email may leave is enough. */
  readonly hoursMatter: boolean;
}

/**
 * The kinds of times from `now` on: inside or outside each policy's hours, how they open again, and which exceptions are
 * in force. Looked for are the edges of every window in the week after each date that matters, and after clocks change.
 */
export function instantsOf(
  policies: readonly TeamPolicy[],
  { assistant, now, hoursMatter }: InstantsOptions,
): Instants {
  const own = policies.map((policy) => ({
    policy,
    hours: hoursOf(policy, policy.assistants.get(assistant)),
  }));
  const hours = withBounds(own.map((one) => one.hours));
  const spans = [
    ...new Map(
      policies
        .flatMap((policy) => policy.exceptions)
        .filter((one) => one.expiresAt > now && (one.assistants?.has(assistant) ?? true))
        .map(({ fromAt = Number.NEGATIVE_INFINITY, expiresAt }) => [
          `${fromAt} ${expiresAt}`,
          { fromAt, expiresAt },
        ]),
    ).values(),
  ];
  const breaks = [...new Set(spans.flatMap(({ fromAt, expiresAt }) => [fromAt, expiresAt]))].filter(
    (at) => at > now,
  );
  const inForce = (instant: number): string =>
    spans.map(({ fromAt, expiresAt }) => Number(instant >= fromAt && instant < expiresAt)).join("");
  const opens = (instant: number): readonly string[] => {
    const next = own.map((one) => stateOf(one.hours, instant));
    const openings = next.map((state) => (typeof state === "number" ? state : Number.NaN));
    return [
      ...next.map((state, index) =>
        typeof state === "string"
          ? state
          : state - instant > (own[index]?.policy.sendAt.atMostMs ?? 0)
            ? "far"
            : "near",
      ),
      // Which of the two lets it leave first.
      ...openings.slice(1).map((at) => String(Math.sign(at - (openings[0] ?? Number.NaN)))),
    ];
  };
  const signatureOf = (instant: number): string =>
    hoursMatter ? `${inForce(instant)} ${opens(instant).join(" ")}` : inForce(instant);
  const starts = hours.length === 0 ? [] : [now, ...breaks, ...clockChanges(hours, now)];
  const holidays = hours.flatMap((one) =>
    one.holidays.flatMap(({ days }) =>
      [...days].map((day) => Date.parse(day)).filter((at) => at > now - DAY_MS),
    ),
  );
  const days = [
    ...starts.flatMap((start) => Array.from({ length: 9 }, (_, index) => start + index * DAY_MS)),
    ...[...new Set(holidays)].slice(0, 12).flatMap((day) => [day - DAY_MS, day, day + DAY_MS]),
  ];
  const edges = [...new Set(days.map((day) => Math.floor(day / DAY_MS) * DAY_MS))].flatMap((midnight) =>
    hours.flatMap((one) => edgesOn(one, midnight)),
  );
  // So long before hours begin, email may first be scheduled for then.
  const ahead = [...new Set(policies.map(({ sendAt }) => sendAt.atMostMs))];
  const nearing = ahead.flatMap((ms) => edges.map((edge) => edge - ms));
  const tried = [...new Set([now, ...breaks, ...[...edges, ...nearing].filter((edge) => edge >= now)])].sort(
    (a, b) => a - b,
  );
  const found = new Map<string, { readonly at: number; readonly closed: number }>();
  for (const at of tried) {
    const signature = signatureOf(at);
    const known = found.get(signature);
    if (known !== undefined && (hoursMatter || known.closed === 0)) continue;
    const closed = own.filter(
      (one) => one.hours !== undefined && closedBy(one.hours, at) !== undefined,
    ).length;
    if (known === undefined || closed < known.closed) found.set(signature, { at, closed });
  }
  // Those first at which most may leave: what is said is shown by the plainest.
  const all = [...found.values()].sort((a, b) => a.closed - b.closed || a.at - b.at);
  return { instants: all.map(({ at }) => at), signatureOf };
}

/** Open, closed for good, or when it opens. */
function stateOf(hours: HoursPolicy | undefined, instant: number): "open" | "closed" | "never" | number {
  if (hours === undefined || closedBy(hours, instant) === undefined) return "open";
  if (hours.outside === "deny") return "closed";
  return nextOpening(hours, instant) ?? "never";
}

function withBounds(all: readonly (HoursPolicy | undefined)[]): readonly HoursPolicy[] {
  const each = all.flatMap((one) => (one === undefined ? [] : [one, ...(one.within ? [one.within] : [])]));
  return [...new Map(each.map((one) => [canonicalText(one), one])).values()];
}

function edgesOn(hours: HoursPolicy, midnight: number): readonly number[] {
  const offset = offsetAt(hours.timezone, midnight + DAY_MS / 2);
  return hours.windows.flatMap(({ from, to }) => [
    midnight - offset + from * MINUTE_MS,
    midnight - offset + to * MINUTE_MS,
    midnight - offset,
  ]);
}

/** Weeks in the year after `now` in which a clock of some hours changes: two zones are then otherwise apart. */
function clockChanges(hours: readonly HoursPolicy[], now: number): readonly number[] {
  const zones = [...new Set(hours.map(({ timezone }) => timezone))];
  if (zones.length < 2) return [];
  const weeks = Array.from({ length: 53 }, (_, index) => now + index * 7 * DAY_MS);
  return weeks.filter((week) =>
    zones.some((zone) => offsetAt(zone, week) !== offsetAt(zone, week + 7 * DAY_MS)),
  );
}
