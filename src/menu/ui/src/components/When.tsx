import { useFormat } from '../i18n/useFormat.ts'

type Props = {
  at: string
  /** The time zone of the store; default: that of the installation. */
  zone?: string
  show?: 'both' | 'day' | 'clock' | 'seconds' | 'dayShort' | 'bothSeconds'
}

/** A moment in the store's zone; the zone itself is on hover. */
export function When({ at, zone, show = 'both' }: Props) {
  const format = useFormat()
  const text =
    show === 'both'
      ? `${format.day(at, zone)}, ${format.clock(at, zone)}`
      : show === 'bothSeconds'
        ? `${format.dayShort(at, zone)}, ${format.seconds(at, zone)}`
        : format[show](at, zone)
  return (
    <time dateTime={at} title={`${format.day(at, zone)}, ${format.seconds(at, zone)} · ${format.zone(at, zone)}`}>
      {text}
    </time>
  )
}
