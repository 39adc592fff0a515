import { useContext } from 'react'
import { useIntl } from 'react-intl'
import { ZoneContext } from './zone.ts'

/** Minor units with the currency's letters and number of decimals, as sent by the server. */
export type Money = { readonly value: number; readonly currency: string; readonly exponent: number }

export type Format = ReturnType<typeof formatOf>

/** Numbers, money and times as this reader writes them. */
export function useFormat(): Format {
  const { locale } = useIntl()
  const zone = useContext(ZoneContext)
  const key = `${locale} ${zone}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const made = formatOf(locale, zone)
  formats.set(key, made)
  return made
}

/**
 * The formats of the page, cached by language and zone. When each cell of a table made its own format, that took an eighth of
 * the scripts' time on screens with lists.
 */
const formats = new Map<string, Format>()

const trueMinus = (text: string): string => text.replace('-', '−')

function formatOf(locale: string, homeZone: string) {
  const count = new Intl.NumberFormat(locale, { useGrouping: 'always' })
  const ratio = new Intl.NumberFormat(locale, { useGrouping: 'always', maximumFractionDigits: 9 })
  const amounts = new Map<number, Intl.NumberFormat>()
  const amountOf = (exponent: number): Intl.NumberFormat => {
    const known = amounts.get(exponent)
    if (known !== undefined) return known
    const made = new Intl.NumberFormat(locale, {
      minimumFractionDigits: exponent,
      maximumFractionDigits: exponent,
      useGrouping: 'always',
    })
    amounts.set(exponent, made)
    return made
  }
  const times = new Map<string, Intl.DateTimeFormat>()
  const timeOf = (language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = `${language} ${zone} ${JSON.stringify(options)}`
    const known = times.get(key) ?? new Intl.DateTimeFormat(language, { timeZone: zone, ...options })
    times.set(key, known)
    return known
  }
  const time = (iso: string, zone: string, options: Intl.DateTimeFormatOptions): string =>
    timeOf(locale, zone, options).format(new Date(iso))
  /** +02:00, the same in every language. */
  const offset = (iso: string, zone: string): string =>
    timeOf('en-GB', zone, { timeZoneName: 'longOffset' })
      .formatToParts(new Date(iso))
      .find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const amount = ({ value, exponent }: Money): string => trueMinus(amountOf(exponent).format(value / 10 ** exponent))
  return {
    homeZone,
    /** The decimal mark, for fields in which amounts are typed. */
    decimalMark:
      amountOf(1)
        .formatToParts(0.1)
        .find(({ type }) => type === 'decimal')?.value ?? '.',
    amount,
    money: (money: Money): string => `${amount(money)} ${money.currency}`,
    count: (n: number): string => trueMinus(count.format(n)),
    ratio: (n: number): string => trueMinus(ratio.format(n)),
    day: (iso: string, zone = homeZone): string => time(iso, zone, DAY),
    dayShort: (iso: string, zone = homeZone): string => time(iso, zone, { day: 'numeric', month: 'short' }),
    clock: (iso: string, zone = homeZone): string => time(iso, zone, { hour: '2-digit', minute: '2-digit' }),
    seconds: (iso: string, zone = homeZone): string => time(iso, zone, SECONDS),
    /** A day of the calendar, YYYY-MM-DD, which does not depend on a zone. */
    date: (day: string): string => time(`${day}T12:00:00Z`, 'UTC', DAY),
    /** A month, YYYY-MM; other text is returned unchanged. */
    month: (month: string): string =>
      /^\d{4}-\d\d$/.test(month) ? time(`${month}-15T12:00:00Z`, 'UTC', MONTH) : month,
    zone: (iso: string, zone = homeZone): string => `${zone} (${offset(iso, zone)})`,
  }
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
const MONTH: Intl.DateTimeFormatOptions = { month: 'short', year: 'numeric' }
const SECONDS: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' }
