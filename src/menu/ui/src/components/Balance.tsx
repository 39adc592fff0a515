import type { ReactNode } from 'react'
import type { Money } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { Amount } from './Amount.tsx'
import classes from './Balance.module.css'

type Props = {
  ledger: Money
  /** The part of the ledger balance that cannot be spent, with reasons. */
  held: readonly { id: string; name: ReactNode; note: ReactNode; money: Money }[]
  available: Money
}

/** The two balances as a sum: the difference is explained by being written between them. */
export function Balance({ ledger, held, available }: Props) {
  const t = useText()
  return (
    <dl className={classes.balance}>
      <div className={classes.line}>
        <dt>{t('card.ledger')}</dt>
        <dd>
          <Amount money={ledger} />
        </dd>
      </div>
      {held.map(({ id, name, note, money }) => (
        <div key={id} className={classes.line}>
          <dt>
            {name}
            <span className={classes.note}>{note}</span>
          </dt>
          <dd>
            <Amount money={{ ...money, value: -Math.abs(money.value) }} signed />
          </dd>
        </div>
      ))}
      <div className={classes.sum}>
        <dt>{t('col.available')}</dt>
        <dd>
          <Amount money={available} withCurrency size="lead" />
        </dd>
      </div>
    </dl>
  )
}
