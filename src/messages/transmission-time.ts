/**
 * DE 7 (MMDDhhmmss, UTC) with the year that brings it nearest to the host's clock, as the number YYYYMMDDhhmmss: part of
 * the key. Null: no such month, day or time.
 */
export function transmittedOf(de7: string, now: number): number | null {
  const month = Number(de7.slice(0, 2))
  const day = Number(de7.slice(2, 4))
  const [hour, minute, second] = [Number(de7.slice(4, 6)), Number(de7.slice(6, 8)), Number(de7.slice(8, 10))]
  const longest = DAYS_IN_MONTH[month]
  if (longest === undefined || day < 1 || day > longest || hour > 23 || minute > 59 || second > 59) return null

  const thisYear = new Date(now).getUTCFullYear()
  const distance = (year: number): number => Math.abs(Date.UTC(year, month - 1, day, hour, minute, second) - now)
  const year = [thisYear - 1, thisYear, thisYear + 1].reduce((a, b) => (distance(b) < distance(a) ? b : a))
  return year * 10_000_000_000 + Number(de7)
}

/** The distance from the host's clock in ms, before or after it. */
export function distanceOf(transmitted: number, now: number): number {
  const part = (divisor: number, modulus: number): number => Math.floor(transmitted / divisor) % modulus
  const at = Date.UTC(
    part(10_000_000_000, 10_000), part(100_000_000, 100) - 1, part(1_000_000, 100), part(10_000, 100), part(100, 100), part(1, 100),
  ) // prettier-ignore
  return Math.abs(at - now)
}

const DAYS_IN_MONTH = [undefined, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** The reference that the switch assigns if the terminal sent none: last digit of the year, day of the year, hour, STAN. */
export function referenceOf(transmitted: number, stan: number): string {
  const year = Math.floor(transmitted / 10_000_000_000)
  const month = Math.floor(transmitted / 100_000_000) % 100
  const day = Math.floor(transmitted / 1_000_000) % 100
  const hour = Math.floor(transmitted / 10_000) % 100
  const dayOfYear = (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1
  return `${year % 10}${pad(dayOfYear, 3)}${pad(hour, 2)}${pad(stan, 6)}`
}

const pad = (value: number, length: number): string => String(value).padStart(length, '0')
