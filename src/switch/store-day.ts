/** The calendar date (YYYY-MM-DD) at a moment in a time zone. */
export type StoreDay = (at: number, timeZone: string) => string

/** Cheap enough to ask for every message. */
export function createStoreDay(): StoreDay {
  const zones = new Map<string, { format: Intl.DateTimeFormat; minute: number; date: string }>()
  return (at, timeZone) => {
    // A date changes on a full minute in every time zone of today, so a formatted one (2 µs) is good for that minute.
    const minute = Math.floor(at / 60_000)
    let zone = zones.get(timeZone)
    if (zone === undefined) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
      zone = { format, minute: -1, date: '' }
      zones.set(timeZone, zone)
    }
    if (zone.minute !== minute) {
      zone.minute = minute
      zone.date = zone.format.format(at)
    }
    return zone.date
  }
}
