import { Checkbox } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useText } from '../../i18n/useText.ts'

/** After each step of a pack: what is shown of it is old. */
export function usePackDone() {
  const client = useQueryClient()
  return async (): Promise<void> => {
    await Promise.all(
      [['pack'], ['packs'], ['approvals'], ['issue']].map((queryKey) => client.invalidateQueries({ queryKey })),
    )
  }
}

type SkipsProps = { skips: readonly string[]; checked: boolean; onChange: (checked: boolean) => void }

/** A step that comes before it may be left out, where somebody says so. */
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
