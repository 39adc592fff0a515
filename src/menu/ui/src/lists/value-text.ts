import { dayOf } from '../i18n/days.ts'
import { type Criterion, currencyOf, type Wording } from './criterion.ts'

/** A criterion's value as a chip shows it. */
export function valueText(criterion: Criterion, value: string, wording: Wording): string {
  const { t, format, choices } = wording
  switch (criterion.kind) {
    case 'day':
      return format.date(value)
    case 'dayBegin':
    case 'dayEnd':
      return instantText(criterion.kind, value, wording)
    case 'money':
      return format.money({ value: Number(value), ...currencyOf(choices) })
    case 'flag':
      return t(value === 'true' ? 'list.yes' : 'list.no')
    case 'choice': {
      const options = criterion.options?.(wording) ?? []
      const names = value.split(',').map((one) => options.find((option) => option.value === one)?.label ?? one)
      return names.length > 3 ? `${names.slice(0, 2).join(', ')}, +${names.length - 2}` : names.join(', ')
    }
    case 'text':
    case 'number':
    case 'shown':
      return value.startsWith('h_') ? t('list.aNumber') : value
  }
}

/** The beginning or end of a day is shown as a day; another instant with its time. */
function instantText(kind: 'dayBegin' | 'dayEnd', value: string, { format }: Wording): string {
  const clock = format.clock(value)
  const isWhole = clock === (kind === 'dayBegin' ? '00:00' : '23:59')
  return isWhole ? format.date(dayOf(value, format.homeZone)) : `${format.day(value)}, ${clock}`
}
