const DAY = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const
const EN = new Intl.DateTimeFormat('en-GB', DAY)
const PL = new Intl.DateTimeFormat('pl-PL', DAY)

/**
 * Is it a day that there is, YYYY-MM-DD? Years before 1900 and from 3000 on are typing errors; with some of them a day before
 * or after is none that the database or a loop over days can compare.
 */
export function isDay(text: string): boolean {
  if (!/^(?:19|2\d)\d\d-\d\d-\d\d$/u.test(text)) return false
  const noon = new Date(`${text}T12:00:00Z`)
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(text)
}

/** A day of the calendar, YYYY-MM-DD, as people write it: `1 Nov 2026`, `1 lis 2026`. */
export function dayWords(day: string): { readonly en: string; readonly pl: string } {
  const noon = Date.parse(`${day}T12:00:00Z`)
  return { en: EN.format(noon), pl: PL.format(noon) }
}

/** An instant as people write it, in a zone: `1 Nov 2026, 18:04`. */
export function instantWords(at: number, timeZone: string): { readonly en: string; readonly pl: string } {
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const
  return {
    en: new Intl.DateTimeFormat('en-GB', options).format(at),
    pl: new Intl.DateTimeFormat('pl-PL', options).format(at),
  }
}
