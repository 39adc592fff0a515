import { Checkbox } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useText } from '../../i18n/useText.ts'

/** After a step of a pack: its cached data are discarded. */
export function usePackDone() {
  const client = useQueryClient()
  return async (): Promise<void> => {
    await Promise.all(
      [['pack'], ['packs'], ['approvals'], ['issue']].map((queryKey) => client.invalidateQueries({ queryKey })),
    )
  }
}

type SkipsProps = { skips: readonly string[]; checked: boolean; onChange: (checked: boolean) => void }

/** Earlier steps that may be skipped on request. */
export function Skips({ skips, checked, onChange }: SkipsProps) {
  const t = useText()
  const steps = skips.map((step) => t(step === 'dispatch' ? 'pack.dispatch' : 'pack.receive')).join(', ')
  return (
    <Checkbox
      label={t('pack.skips', { steps })}
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
    />
  )
}
