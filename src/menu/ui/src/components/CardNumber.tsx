import { VisuallyHidden } from '@mantine/core'
import { useText } from '../i18n/useText.ts'
import classes from './CardNumber.module.css'

export type MaskedNumber = { readonly firstSix: string; readonly lastFour: string }

/** First six and last four, in groups of four. The browser holds more only while a number is revealed. */
export function CardNumber({ number, short = false }: { number: MaskedNumber; short?: boolean }) {
  const t = useText()
  const { firstSix, lastFour } = number
  return (
    <span className={classes.number}>
      <VisuallyHidden>{t('card.spoken', { first6: firstSix, last4: lastFour })}</VisuallyHidden>
      <span aria-hidden>
        {!short && (
          <>
            {firstSix.slice(0, 4)} {firstSix.slice(4)}
            <span className={classes.dots}>•• ••••</span>{' '}
          </>
        )}
        {short && <span className={classes.dots}>•••• </span>}
        {lastFour}
      </span>
    </span>
  )
}
