import { VisuallyHidden } from '@mantine/core'
import clsx from 'clsx'
import { type Money, useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import classes from './Amount.module.css'

type Props = {
  /** The sign is as seen from the card. */
  money: Money
  /** Shows + or −, and reads it out in words. */
  signed?: boolean
  /** In tables the currency stands in the column head instead. */
  withCurrency?: boolean
  /** Money that did not move. */
  struck?: boolean
  size?: 'cell' | 'lead'
}

export function Amount({ money, signed = false, withCurrency = false, struck = false, size = 'cell' }: Props) {
  const format = useFormat()
  const t = useText()
  const sign = signed ? (money.value < 0 ? '−' : money.value > 0 ? '+' : '') : ''
  const digits = format.amount(signed ? { ...money, value: Math.abs(money.value) } : money)
  return (
    <span className={clsx(classes.amount, classes[size], struck && classes.struck)}>
      {sign !== '' && <VisuallyHidden>{t(sign === '+' ? 'amount.plus' : 'amount.minus')} </VisuallyHidden>}
      {sign !== '' && <span aria-hidden>{sign}</span>}
      {digits}
      {withCurrency && <span className={classes.currency}> {money.currency}</span>}
    </span>
  )
}
