import { useContext, useMemo } from 'react'
import { useIntl } from 'react-intl'
import { ZoneContext } from './zone.ts'

/** Minor units with the currency's letters and number of decimals, as sent by the server. */
export type Money = { readonly value: number; readonly currency: string; readonly exponent: number }

export type Format = ReturnType<typeof formatOf>

/** Numbers, money and times as this reader writes them. */
export function useFormat(): Format {
  const { locale } = useIntl()
  const zone = useContext(ZoneContext)
  return useMemo(() => formatOf(locale, zone), [locale, zone])
}

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
  const time = (iso: string, zone: string, options: Intl.DateTimeFormatOptions): string => {
    const key = `${zone} ${JSON.stringify(options)}`
    const known = times.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
    times.set(key, known)
    return known.format(new Date(iso))
  }
  const amount = ({ value, exponent }: Money): string => trueMinus(amountOf(exponent).format(value / 10 ** exponent))
  return {
    homeZone,
    /** What stands before decimals, in fields that amounts are typed into. */
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
    /** A day of the calendar, YYYY-MM-DD, which no zone moves. */
    date: (day: string): string => time(`${day}T12:00:00Z`, 'UTC', DAY),
    /** YYYY-MM; what is none stays as it is. */
    month: (month: string): string =>
      /^\d{4}-\d\d$/.test(month) ? time(`${month}-15T12:00:00Z`, 'UTC', MONTH) : month,
    zone: (iso: string, zone = homeZone): string => `${zone} (${offsetOf(iso, zone)})`,
  }
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
const MONTH: Intl.DateTimeFormatOptions = { month: 'short', year: 'numeric' }
const SECONDS: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' }

function offsetOf(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(new Date(iso))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
