import clsx from 'clsx'
import type { ReactNode } from 'react'
import { type LocalizedText, useLocalized, useText } from '../i18n/useText.ts'
import { Shape } from './Status.tsx'
import classes from './Why.module.css'

type Props = {
  approved: boolean
  /** The response and its name. */
  head: ReactNode
  why: { readonly sentence: LocalizedText; readonly rule: LocalizedText; readonly remedy: LocalizedText }
}

/** The reason of a response: a sentence with this record's figures, the rule, and the remedy. Every response has one. */
export function Why({ approved, head, why }: Props) {
  const t = useText()
  const localized = useLocalized()
  return (
    <section className={clsx(classes.why, approved && classes.approved)} aria-label={t('tx.why')}>
      <p className={classes.head}>
        <Shape tone={approved ? 'good' : 'bad'} />
        {head}
      </p>
      <p className={classes.sentence}>{localized(why.sentence)}</p>
      <dl className={classes.words}>
        <div>
          <dt>{t('tx.rule')}</dt>
          <dd>{localized(why.rule)}</dd>
        </div>
        <div>
          <dt>{t('tx.remedy')}</dt>
          <dd>{localized(why.remedy)}</dd>
        </div>
      </dl>
    </section>
  )
}
