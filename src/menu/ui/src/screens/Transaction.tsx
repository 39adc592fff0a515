import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Answer } from '../api/call.ts'
import { transactionQuery } from '../api/queries.ts'
import { Amount } from '../components/Amount.tsx'
import { BeforeAfter } from '../components/BeforeAfter.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import { type Fact, Facts } from '../components/Facts.tsx'
import { Fields } from '../components/Fields.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { useRecent } from '../components/palette-entries.ts'
import { Panel } from '../components/Panel.tsx'
import { TransactionState } from '../components/TransactionState.tsx'
import { When } from '../components/When.tsx'
import { Why } from '../components/Why.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../i18n/useText.ts'
import { useWording } from '../lists/useWording.ts'
import { useOperation } from './operation.ts'
import { Postings } from './Postings.tsx'
import classes from './screens.module.css'

export type TransactionRecord = Answer<'transactions.show'>

/** One request: its content, the decision with its reason, its transfers, and linked requests. */
export function Transaction() {
  const t = useText()
  const localized = useLocalized()
  const format = useFormat()
  const operation = useOperation()
  const { id = '' } = useParams({ strict: false })
  const transaction = useSuspenseQuery(transactionQuery(id)).data
  const { at, timeZone, store, terminal, card, state, response, responseText, why, fields } = transaction
  const money = transaction.amount ?? transaction.asked
  const title = `${operation(transaction)}${money === null ? '' : ` ${format.money({ ...money, value: Math.abs(money.value) })}`}`
  useRecent({
    name: transaction.reference === '' ? title : transaction.reference,
    hint: `${title}, ${store.name}`,
    to: `/transactions/${id}`,
  })
  return (
    <>
      <PageHead
        parent={{ to: '/transactions', label: t('page.transactions') }}
        title={title}
        status={<TransactionState state={state} />}
        facts={
          <>
            <When at={at} zone={timeZone} show="both" />
            <span>
              {store.name}, {terminal}
            </span>
            {card !== null && (
              <Link to="/cards/$id" params={{ id: card.id }}>
                <CardNumber number={card.number} />
              </Link>
            )}
          </>
        }
      />
      <div className={classes.record}>
        <div className={classes.stack}>
          <Why approved={state !== 'declined'} head={`${response} ${localized(responseText)}`} why={why} />
          <Transfer transaction={transaction} />
          {fields.length > 0 && (
            <Panel title={t('tx.fields')} note={t('tx.fieldsNote')}>
              <Fields title={t('tx.fields')} fields={fields} />
            </Panel>
          )}
        </div>
        <div className={classes.stack}>
          <Panel title={t('tx.asked')}>
            <Facts facts={useAsked(transaction)} />
          </Panel>
          <Linked transaction={transaction} />
        </div>
      </div>
    </>
  )
}

function Transfer({ transaction: { postings, before, after } }: { transaction: TransactionRecord }) {
  const t = useText()
  if (postings === null) {
    return (
      <Panel title={t('tx.transfer')}>
        <p>{t('tx.noTransfer')}</p>
      </Panel>
    )
  }
  return (
    <Panel title={t('tx.transfer')} flush>
      <Postings {...postings} />
      {before !== null && after !== null && (
        <div className={classes.padded}>
          <BeforeAfter
            label={t('tx.balances')}
            changes={[
              {
                name: t('card.ledger'),
                before: <Amount money={before.ledger} />,
                after: <Amount money={after.ledger} />,
              },
              {
                name: t('col.available'),
                before: <Amount money={before.available} />,
                after: <Amount money={after.available} />,
              },
            ]}
          />
        </div>
      )}
    </Panel>
  )
}

/** DE 13 and 12, MMDDhhmmss, without a year and a zone. A leap year is assumed, so that 29 February is valid. */
function tillTimeOf(text: string): string | null {
  const [, month, day, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  const at = new Date(`2000-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function useAsked(transaction: TransactionRecord): readonly Fact[] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { choices, localized } = useWording()
  const modes = new Map(choices.entryModes.map(({ code, text }) => [code, localized(text)]))
  const { asked, reference, stan, approvalCode, entryMode, businessDay, localTime, channel, who, line, trace, issue } =
    transaction
  const tillTime = tillTimeOf(localTime)
  const rows: readonly (readonly [string, ReactNode])[] = [
    [t('tx.askedAmount'), asked === null ? '–' : format.money(asked)],
    [t('col.reference'), reference],
    [t('field.stan'), String(stan).padStart(6, '0')],
    [t('field.approvalCode'), approvalCode],
    [t('field.entryMode'), modes.get(entryMode.slice(0, 2)) ?? entryMode],
    [t('field.day'), format.date(businessDay)],
    [
      t('tx.localTime'),
      tillTime === null ? localTime : `${format.dayShort(tillTime, 'UTC')}, ${format.seconds(tillTime, 'UTC')}`,
    ],
    [t('col.issue'), issue?.name ?? ''],
    [t('field.channel'), word('channel', channel)],
    [t('field.who'), who ?? ''],
    [t('tx.line'), line],
    [t('tx.trace'), trace],
  ]
  return rows.filter(([, value]) => value !== '')
}

/** The original, what followed, the confirmation and the case. */
function Linked({ transaction }: { transaction: TransactionRecord }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const { original, followers, confirmBy, undoneBy, returned, state } = transaction
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('field.original'), original === null ? '' : <LinkedRow key="original" linked={original} />],
    [
      t('tx.followers'),
      followers.length === 0 ? '' : followers.map((linked) => <LinkedRow key={linked.id} linked={linked} />),
    ],
    [
      t('tx.confirmBy'),
      state !== 'unconfirmed' ? '' : confirmBy === null ? t('tx.confirmNext') : <When key="by" at={confirmBy} />,
    ],
    [t('tx.undoneBy'), undoneBy === null ? '' : word('undoer', undoneBy)],
    [t('tx.returned'), returned.value === 0 ? '' : format.money(returned)],
    [t('tx.case'), transaction.case === null ? '' : <CaseLink key="case" {...transaction.case} />],
  ]
  const known = facts.filter(([, value]) => value !== '')
  return (
    <Panel title={t('tx.linked')}>
      {known.length === 0 ? <p className={classes.quiet}>{t('tx.nothingLinked')}</p> : <Facts facts={known} />}
    </Panel>
  )
}

function CaseLink({ id, reason, open }: { id: string; reason: string; open: boolean }) {
  const t = useText()
  const word = useWord()
  return (
    <Link to="/cases/$id" params={{ id }}>
      {word('caseReason', reason)}, {t(open ? 'case.open' : 'case.closed')}
    </Link>
  )
}

function LinkedRow({ linked: { id, at, what, amount, who } }: { linked: NonNullable<TransactionRecord['original']> }) {
  const word = useWord()
  const format = useFormat()
  return (
    <div>
      <Link to="/transactions/$id" params={{ id }}>
        {word('operation', what)}
      </Link>
      <p className={classes.small}>
        <When at={at} show="bothSeconds" />
        {amount !== null && `, ${format.money(amount)}`}
        {who !== null && `, ${who}`}
      </p>
    </div>
  )
}
