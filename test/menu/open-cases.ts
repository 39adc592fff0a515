import { numberHashes } from '../../src/cards/hash.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { accountName } from '../../src/core/registry.ts'
import { KIND, timerKey } from '../../src/core/key.ts'
import { requestOf, STORE, stripe } from '../engine/engine-setting.ts'
import type { MenuSetting } from './setting.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const PLN = 985

export type Unconfirmed = { readonly number: string; readonly stan: number; readonly amount: number }

/** Opens cases: payments of a till that the timer reverses, through the office's engine. */
export async function openCases(
  { office, now }: Pick<MenuSetting, 'office' | 'now'>,
  payments: readonly Unconfirmed[],
): Promise<void> {
  const contra = office.registry().accounts.get(accountName('store_payable', STORE, PLN)) ?? null
  for (const { number, stan, amount } of payments) {
    const { numberHash } = numberHashes(keys, number)
    const ask = {
      act: 'operation',
      operation: 'payment',
      presented: { ...stripe({ id: 0, numberHash }), shown: `${number.slice(0, 6)}******${number.slice(-4)}` },
      nominal: false,
      amount,
      currency: PLN,
      contra,
      partial: false,
      ontoNew: false,
      block: null,
      successor: null,
      receipt: null,
      office: null,
    } as const
    const about = { kind: KIND.financial, terminal: 'DEMO0001', stan, confirmation: 'explicit' } as const
    const paid = { ...requestOf(ask, about, office.nextId(), office.nextId()), at: now }
    const { result } = await office.submit(paid)
    if (result !== 'approved') throw new Error(`a payment of ${amount} was ${result}`)
    const reversal = { act: 'reversal', by: 'timer', original: paid.key, amount: null, presented: null } as const
    const timer = { kind: KIND.reversal, terminal: 'TIMER', stan: 0, confirmation: 'none' } as const
    const request = requestOf(reversal, timer, office.nextId(), office.nextId())
    await office.submit({ ...request, at: now, key: timerKey(paid.id) })
  }
}
