import { IconArrowBackUp } from '@tabler/icons-react'
import clsx from 'clsx'
import type { ReactNode } from 'react'
import { type Money, useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { Amount } from './Amount.tsx'
import classes from './Timeline.module.css'
import { When } from './When.tsx'

export type TimelineEntry = {
  id: string
  at: string
  icon: ReactNode
  title: ReactNode
  /** One sentence: the reason of a decline, or a person's remark. */
  sentence?: ReactNode
  /** Store, terminal, person. */
  where: ReactNode
  tone?: 'plain' | 'warn' | 'bad' | 'wait'
  amount?: Money
  /** The amount did not move, or was undone. */
  struck?: boolean
  /** A requested amount that never moved; it is shown without a sign. */
  asked?: boolean
  balance?: Money
  /** The entry that undoes this one, or is undone by it. */
  links?: readonly { to: string; text: string }[]
  /** The store's time zone. */
  zone?: string
}

/** One column of time for everything that happened to a record, newest first, grouped by day. */
export function Timeline({
  label,
  entries,
  currency,
}: {
  label: string
  entries: readonly TimelineEntry[]
  /** None: no entry moves money. */
  currency?: string
}) {
  const t = useText()
  const format = useFormat()
  const days = Map.groupBy(entries, ({ at }) => format.day(at))
  return (
    <div
      className={clsx(classes.frame, currency === undefined && classes.withoutMoney)}
      role="group"
      aria-label={label}
    >
      {currency !== undefined && (
        <div className={classes.head} aria-hidden>
          <span className={classes.headAmount}>{t('timeline.amount', { currency })}</span>
          <span className={classes.headBalance}>{t('timeline.balance')}</span>
        </div>
      )}
      {[...days].map(([day, ofDay]) => (
        <section key={day}>
          <h3 className={classes.day}>{day}</h3>
          <ol>
            {ofDay.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const {
    id,
    at,
    icon,
    title,
    sentence,
    where,
    tone = 'plain',
    amount,
    struck = false,
    asked = false,
    balance,
    links = [],
    zone,
  } = entry
  return (
    <li id={id} className={clsx(classes.entry, classes[tone])}>
      <span className={classes.time}>
        <When at={at} {...(zone !== undefined && { zone })} show="clock" />
      </span>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.words}>
        <div className={classes.title}>
          {title}
          {links.map((link) => (
            <a key={link.to} className={classes.link} href={`#${link.to}`}>
              <IconArrowBackUp size={13} aria-hidden />
              {link.text}
            </a>
          ))}
        </div>
        {sentence !== undefined && <p className={classes.sentence}>{sentence}</p>}
        <p className={classes.where}>{where}</p>
      </div>
      <span className={classes.amount}>
        {amount !== undefined && <Amount money={amount} signed={!asked} struck={struck} />}
      </span>
      <span className={classes.balance}>{balance !== undefined && <Amount money={balance} />}</span>
    </li>
  )
}
