/** Reads `08:30` as minutes from midnight; `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (text === "24:00") return 1440;
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}
