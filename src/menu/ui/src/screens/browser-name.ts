/** A user agent contains the names of other browsers too, so the order matters: the first match is the browser itself. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const

/** `Chrome, Windows`; for a program that is not a known browser, its own text. */
export function browserName(userAgent: string): string {
  const named = (table: readonly (readonly [mark: string, name: string])[]): string[] =>
    table
      .filter(([mark]) => userAgent.includes(mark))
      .map(([, name]) => name)
      .slice(0, 1)
  const browser = named(BROWSERS)
  return browser.length === 0 ? userAgent : [...browser, ...named(SYSTEMS)].join(', ')
}
