import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { cardQuery } from '../api/queries.ts'
import { Balance } from '../components/Balance.tsx'
import { Callout } from '../components/Callout.tsx'
import { CardNumber } from '../components/CardNumber.tsx'
import { CardState } from '../components/CardState.tsx'
import { type Fact, Facts } from '../components/Facts.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { useRecent } from '../components/palette-entries.ts'
import { Panel } from '../components/Panel.tsx'
import { When } from '../components/When.tsx'
import { useFormat } from '../i18n/useFormat.ts'
import { useText, useWord } from '../i18n/useText.ts'
import type { CardRecord } from './card/card-record.ts'
import { CardActions } from './card/CardActions.tsx'
import { Story } from './card/Story.tsx'
import { WouldPay } from './card/WouldPay.tsx'
import classes from './screens.module.css'

const REFRESH_MS = 5000

/** One card: its balances with reasons, the permitted actions, and its history. */
export function Card() {
  const t = useText()
  const { id = '' } = useParams({ strict: false })
  const card = useSuspenseQuery({ ...cardQuery(id), refetchInterval: REFRESH_MS }).data
  useRecent({ name: `${card.number.firstSix} •••• ${card.number.lastFour}`, hint: card.issue.name, to: `/cards/${id}` })
  return (
    <>
      <PageHead
        parent={{ to: '/cards', label: t('page.cards') }}
        title={<CardNumber number={card.number} />}
        status={<CardState {...card} />}
        facts={<HeadFacts card={card} />}
        actions={<CardActions card={card} />}
      />
      <div className={classes.record}>
        <div className={classes.stack}>
          {card.openCases.length > 0 && <OpenCases ids={card.openCases} />}
          <Story id={id} currency={card.currency} />
        </div>
        <div className={classes.stack}>
          <Panel>
            <Waiting card={card} />
          </Panel>
          <WouldPay card={card} />
          <Panel title={t('card.about')}>
            <Facts facts={useAbout(card)} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function HeadFacts({ card }: { card: CardRecord }) {
  const t = useText()
  const format = useFormat()
  return (
    <>
      <span>{card.issue.name}</span>
      {card.serial !== null && <span>{t('card.serialNumber', { serial: format.count(card.serial) })}</span>}
    </>
  )
}

function OpenCases({ ids }: { ids: readonly string[] }) {
  const t = useText()
  return (
    <Callout tone="warn" title={t('card.openCases', { n: ids.length })}>
      {ids.map((id) => (
        <Link key={id} to="/cases/$id" params={{ id }}>
          {t('case.number', { id })}{' '}
        </Link>
      ))}
    </Callout>
  )
}

/** The available balance is the ledger balance less the amounts that wait for confirmation. */
function Waiting({ card }: { card: CardRecord }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  return (
    <Balance
      ledger={card.ledger}
      available={card.available}
      held={card.waiting.map(({ transaction, operation, amount, terminal, confirmBy }) => ({
        id: transaction,
        name: (
          <Link to="/transactions/$id" params={{ id: transaction }}>
            {t('card.waits', { operation: word('operation', operation) })}
          </Link>
        ),
        note:
          confirmBy === null
            ? t('card.waitsNext', { terminal })
            : t('card.waitsUntil', { terminal, time: format.clock(confirmBy) }),
        money: amount,
      }))}
    />
  )
}

function useAbout(card: CardRecord): readonly Fact[] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const rows: readonly (Fact | null)[] = [
    [t('col.issue'), card.issue.name],
    card.pack === null
      ? null
      : [
          t('col.pack'),
          [card.pack, card.packState === null ? [] : word('packState', card.packState)].flat().join(', '),
        ],
    card.recipient === null ? null : [t('field.recipient'), card.recipient.name],
    card.soldAt === null
      ? null
      : [
          t('col.sold'),
          <span key="sold">
            <When at={card.soldAt} />
            {card.soldIn !== null && `, ${card.soldIn.name}`}
          </span>,
        ],
    card.usedAt === null ? null : [t('col.lastUsed'), <When key="used" at={card.usedAt} />],
    [t('col.validUntil'), card.validUntil === null ? t('card.noEnd') : format.date(card.validUntil)],
    [t('card.version'), card.version === 0 ? t('card.firstVersion') : String(card.version)],
    [t('card.ecode'), t(card.hasEcode ? 'list.yes' : 'list.no')],
    card.employee === null ? null : [t('card.employee'), card.employee],
    card.suspectedAt === null ? null : [t('field.suspected'), <When key="suspected" at={card.suspectedAt} />],
    card.replacedBy === null ? null : [t('card.replacedBy'), <CardLink key="by" id={card.replacedBy} />],
    card.replaces === null ? null : [t('card.replaces'), <CardLink key="replaces" id={card.replaces} />],
  ]
  return rows.filter((row): row is Fact => row !== null)
}

function CardLink({ id }: { id: string }) {
  const t = useText()
  return (
    <Link to="/cards/$id" params={{ id }}>
      {t('card.otherCard')}
    </Link>
  )
}
