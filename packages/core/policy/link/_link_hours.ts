import type { HoursFile } from "../schema/hours.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { HolidayList, HoursPolicy } from "../team_policy.ts";
import type { LinkedNames } from "./_link_names.ts";
import { type LinkedFile, placeIn } from "./linked_file.ts";

/** What hours are linked with. */
export interface LinkHoursOptions {
  readonly names: LinkedNames;
  /** The organisation's hours, which bound these. */
  readonly within?: HoursPolicy | undefined;
  /** What happens outside them where they do not say it. */
  readonly outside?: "schedule" | "deny" | undefined;
}

/** Links the hours at a path of a file. */
export function linkHours(
  file: LinkedFile<unknown>,
  { path, hours }: { readonly path: string; readonly hours: HoursFile },
  { names, within, outside = "deny" }: LinkHoursOptions,
): HoursPolicy {
  const { timezone, windows = shortWindow(hours) } = hours;
  return {
    windows: windows.map(({ days, from, to }) => ({
      days: days.value,
      from: from.value,
      to: to.value > from.value ? to.value : to.value + 24 * 60,
    })),
    timezone,
    holidays: (hours.holidays ?? []).map(
      (name, index): HolidayList => names.holidays(name, placeIn(file, `${path}.holidays[${index}]`)),
    ),
    outside: hours.outside ?? outside,
    outsideAt: placeIn(file, `${path}.outside`),
    ...(within && { within }),
    where: placeIn(file, path),
  };
}

/** The organisation's hours, if it has any. */
export function linkBoundingHours(
  organisation: LinkedFile<OrganisationFile> | undefined,
  names: LinkedNames,
): HoursPolicy | undefined {
  const hours = organisation?.content.hours;
  return organisation && hours && linkHours(organisation, { path: "hours", hours }, { names });
}

function shortWindow({ days, from, to }: HoursFile): NonNullable<HoursFile["windows"]> {
  return days && from && to ? [{ days, from, to }] : [];
}
