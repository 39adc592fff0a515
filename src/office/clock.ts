/** The date at an instant in a time zone, YYYY-MM-DD. */
export const dateIn = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)

/** Date and time, `YYYY-MM-DD HH:MM`, in the zone where it is earliest; `otherwise`: the zone where there are none. */
export function earliestClock(timeZones: Iterable<string>, otherwise: string, at: number): string {
  const zones = new Set(timeZones)
  const clocks = [...(zones.size === 0 ? [otherwise] : zones)].map((timeZone) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at),
  )
  return clocks.sort()[0] ?? ''
}
