import fc from 'fast-check'
import t from 'tap'
import { dayOf, endOfDay, lastMonth, startOfDay } from '../../../src/menu/ui/src/i18n/days.ts'

/* Days of the calendar as instants, over changes of the clock too. */

t.equal(dayOf('2026-11-30T23:30:00Z', 'Europe/Warsaw'), '2026-12-01', 'in UTC it is yesterday')
t.same(lastMonth('2026-12-01'), { from: '2026-11-01', to: '2026-11-30' })
t.same(lastMonth('2026-01-31'), { from: '2025-12-01', to: '2025-12-31' })

const rows: readonly [day: string, zone: string, start: string, end: string][] = [
  ['2026-11-29', 'Europe/Warsaw', '2026-11-28T23:00:00.000Z', '2026-11-29T22:59:59.999Z'],
  ['2026-03-29', 'Europe/Warsaw', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
  ['2026-10-25', 'Europe/Warsaw', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
  ['2026-07-01', 'Asia/Kolkata', '2026-06-30T18:30:00.000Z', '2026-07-01T18:29:59.999Z'],
  ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z', '2026-07-01T23:59:59.999Z'],
]
for (const [day, zone, start, end] of rows) {
  t.equal(startOfDay(day, zone), start, `${day} begins in ${zone}`)
  t.equal(endOfDay(day, zone), end, `and ends`)
}

t.test('a day holds its own first and last instant, and no other', async (t) => {
  const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  const zones = fc.constantFrom('Europe/Warsaw', 'Europe/London', 'America/New_York', 'Asia/Kolkata', 'UTC')
  const before = (iso: string): string => new Date(Date.parse(iso) - 1).toISOString()
  const after = (iso: string): string => new Date(Date.parse(iso) + 1).toISOString()
  fc.assert(
    fc.property(days, zones, (date, zone) => {
      const day = date.toISOString().slice(0, 10)
      const [start, end] = [startOfDay(day, zone), endOfDay(day, zone)]
      return (
        dayOf(start, zone) === day &&
        dayOf(end, zone) === day &&
        dayOf(before(start), zone) < day &&
        dayOf(after(end), zone) > day
      )
    }),
  )
  t.pass()
})
