import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { ReasonDialog } from '../../components/ReasonDialog.tsx'
import { useText } from '../../i18n/useText.ts'
import { parseMoney } from '../../lists/money-text.ts'
import type { PackRecord } from './pack-state.tsx'
import { Skips, usePackDone } from './pack-parts.tsx'
import { ReceiveDialog } from './ReceiveDialog.tsx'

export type PackAct = 'dispatch' | 'receive' | 'activate' | 'sell' | 'return' | 'kill' | 'authorise' | 'approve'
type Props = { act: PackAct; pack: PackRecord; onClose: () => void }
type Step = Exclude<PackAct, 'receive'>

const STEPS = {
  dispatch: 'packs.dispatch',
  activate: 'packs.activate',
  return: 'packs.return',
  kill: 'packs.kill',
} as const

/** The dialog of each step of a pack. */
export function PackDialog({ act, ...props }: Props) {
  return act === 'receive' ? <ReceiveDialog {...props} /> : <StepDialog act={act} {...props} />
}

function StepDialog({ act, pack, onClose }: { act: Step; pack: PackRecord; onClose: () => void }) {
  const t = useText()
  const done = usePackDone()
  const { id } = pack
  const skips = pack.steps.find(({ step }) => step === act)?.skips ?? []
  const [skip, setSkip] = useState(false)
  const [amount, setAmount] = useState('')
  const minor = amount.trim() === '' ? null : parseMoney(amount, pack.currency.exponent)
  const isWrong = act === 'sell' && amount.trim() !== '' && (minor === null || minor <= 0)
  const take = async (reason: string): Promise<void> => {
    if (act === 'sell') {
      await call('packs.sell', { params: { id }, body: { amount: minor, reason } })
      announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    } else {
      if (act === 'authorise' || act === 'approve') {
        const [waiting] = pack.approvals
        const body = { approve: true, reason, version: waiting?.version ?? '' }
        await call('approvals.decide', { params: { id: waiting?.id ?? '' }, body })
      } else await call(STEPS[act], { params: { id }, body: { reason, skip } })
      announce('good', t(`pack.done.${act}`))
    }
    await done()
  }
  return (
    <ReasonDialog
      title={t(`pack.do.${act}`, { id })}
      lead={t(`pack.lead.${act}`)}
      act={t(`pack.${act}`)}
      optional={act === 'authorise' || act === 'approve'}
      danger={act === 'kill'}
      ready={!isWrong && (skips.length === 0 || skip)}
      onClose={onClose}
      run={take}
    >
      {act === 'sell' && (
        <TextInput
          data-autofocus
          label={t('field.amount')}
          description={`${t('pack.each')}, ${pack.currency.letters}. ${t('pack.nominalHint')}`}
          inputMode="decimal"
          autoComplete="off"
          error={isWrong && t('money.wrong')}
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      )}
      {skips.length > 0 && <Skips skips={skips} checked={skip} onChange={setSkip} />}
    </ReasonDialog>
  )
}
