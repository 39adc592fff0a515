import { NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormActs } from '../../components/FormActs.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useText } from '../../i18n/useText.ts'
import { moneyText, parseMoney } from '../../lists/money-text.ts'
import { LIMITS, type ShopRecord } from './shop-record.ts'

type Limit = (typeof LIMITS)[number]
type Limits = Record<Limit, string>

const each = <T,>(of: (limit: Limit) => T): Record<Limit, T> => ({
  loadsAnHour: of('loadsAnHour'),
  loadsADay: of('loadsADay'),
  returnsAnHour: of('returnsAnHour'),
  returnsADay: of('returnsADay'),
})

/** Name, state and limits; changes that permit the shop to move more money wait for a second person. */
export function EditShop({ shop, onClose }: { shop: ShopRecord; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { decimalMark } = useFormat()
  const { exponent, letters } = shop.currency
  const shown = (value: number | null): string => (value === null ? '' : moneyText(value, exponent, decimalMark))
  const [name, setName] = useState(shop.name)
  const [state, setState] = useState(shop.state)
  const [limits, setLimits] = useState<Limits>(each((limit) => shown(shop.limits[limit])))
  const read = (text: string): number | null => (text.trim() === '' ? null : parseMoney(text, exponent))
  const isWrong = (text: string): boolean => text.trim() !== '' && (parseMoney(text, exponent) ?? -1) < 0
  const { problem, busy, submit } = useSubmit(async () => {
    const body = { name: name.trim(), state, limits: each((limit) => read(limits[limit])) }
    const { approval } = await call('shops.change', { params: { code: shop.code }, body })
    await client.invalidateQueries({ queryKey: ['shops'] })
    if (approval === null) announce('good', t('act.saved'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    onClose()
  })
  return (
    <Dialog title={t('shop.edit')} onClose={onClose}>
      <form className={form.form} onSubmit={submit}>
        <p>{t('shop.relaxes')}</p>
        <TextInput
          data-autofocus
          label={t('field.name')}
          maxLength={100}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <NativeSelect
          label={t('field.state')}
          value={state}
          onChange={(event) => setState(event.target.value === 'closed' ? 'closed' : 'open')}
          data={(['open', 'closed'] as const).map((one) => ({ value: one, label: t(`storeState.${one}`) }))}
        />
        <LimitFields
          limits={limits}
          letters={letters}
          isWrong={isWrong}
          set={(change) => setLimits((now) => ({ ...now, ...change }))}
        />
        <FormActs
          problem={problem}
          busy={busy}
          disabled={LIMITS.some((limit) => isWrong(limits[limit]))}
          act={t('act.save')}
          onClose={onClose}
        />
      </form>
    </Dialog>
  )
}

type LimitProps = {
  limits: Limits
  letters: string
  isWrong: (text: string) => boolean
  set: (change: Partial<Limits>) => void
}

function LimitFields({ limits, letters, isWrong, set }: LimitProps) {
  const t = useText()
  return (
    <div className={form.pair}>
      {LIMITS.map((limit) => (
        <TextInput
          key={limit}
          label={t(`shop.${limit}`)}
          description={`${letters}. ${t('shop.limitHint')}`}
          inputMode="decimal"
          error={isWrong(limits[limit]) && t('money.wrong')}
          value={limits[limit]}
          onChange={(event) => set({ [limit]: event.target.value })}
        />
      ))}
    </div>
  )
}
