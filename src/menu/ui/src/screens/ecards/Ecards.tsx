import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ecardsQuery } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import type { Column } from '../../components/DataTable.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { usePageActions } from '../../components/palette-entries.ts'
import { Status, type Tone } from '../../components/Status.tsx'
import { When } from '../../components/When.tsx'
import { useText, useWord } from '../../i18n/useText.ts'
import { ListPanel } from '../../lists/ListPanel.tsx'
import { PageFoot } from '../../lists/ListTools.tsx'
import { pick, useListSearch } from '../../lists/useListSearch.ts'
import { useWording } from '../../lists/useWording.ts'
import classes from '../screens.module.css'
import type { EcardRow } from './ecard-row.ts'

const SellEcard = lazy(() => import('./EcardDialogs.tsx').then((module) => ({ default: module.SellEcard })))
const ResendEcard = lazy(() => import('./EcardDialogs.tsx').then((module) => ({ default: module.ResendEcard })))

const REFRESH_MS = 5_000

/** Cards sold by e-mail: the seller, the payer, the state of each mail. Numbers and codes are only in the mail. */
export function Ecards() {
  const t = useText()
  const may = useMay()
  const { search } = useListSearch()
  const list = useQuery({ ...ecardsQuery(pick(search, ['limit', 'cursor'])), refetchInterval: REFRESH_MS })
  const [asked, setAsked] = useState<EcardRow | 'sell' | null>(null)
  const maySell = may('ecards.sell')
  const columns = useColumns(maySell ? setAsked : null)
  const { data } = list
  const canSell = maySell && data !== undefined && data.mail && data.issues.length > 0
  usePageActions(canSell ? [{ name: t('ecard.sellTitle'), run: () => setAsked('sell') }] : [])
  const why = data === undefined || canSell ? undefined : t(data.mail ? 'ecard.noIssue' : 'ecard.noMail')
  return (
    <>
      <PageHead
        title={t('page.ecards')}
        facts={maySell && why !== undefined ? why : t('ecard.lead')}
        actions={
          maySell && (
            <Button
              variant="filled"
              className={classes.asks ?? ''}
              disabled={why !== undefined}
              title={why}
              onClick={() => setAsked('sell')}
            >
              {t('ecard.sell')}
            </Button>
          )
        }
      />
      <ListPanel
        list={list}
        empty={{ title: t('ecard.none'), text: t('ecard.noneText') }}
        label={t('page.ecards')}
        rowKey={({ id }) => id}
        columns={columns}
        mark={({ state }) => (state === 'failed' ? 'bad' : undefined)}
      >
        <PageFoot page={data} />
      </ListPanel>
      <Suspense>
        {asked === 'sell' && data !== undefined && <SellEcard issues={data.issues} onClose={() => setAsked(null)} />}
        {asked !== null && asked !== 'sell' && <ResendEcard ecard={asked} onClose={() => setAsked(null)} />}
      </Suspense>
    </>
  )
}

const TONES: Record<EcardRow['state'], Tone> = {
  proposed: 'wait',
  refused: 'plain',
  sending: 'wait',
  sent: 'plain',
  failed: 'bad',
}

/** The names of stores and counterparties that this person may see. */
function useBuyerName(): (buyer: EcardRow['buyer']) => string {
  const { choices } = useWording()
  return ({ kind, code }) =>
    choices[kind === 'store' ? 'stores' : 'counterparties'].find((one) => one.code === code)?.name ?? code
}

function useColumns(onResend: ((ecard: EcardRow) => void) | null): readonly Column<EcardRow>[] {
  const t = useText()
  const nameOf = useBuyerName()
  return [
    { id: 'at', head: t('col.time'), cell: ({ proposedAt }) => <When at={proposedAt} /> },
    { id: 'issue', head: t('col.issue'), wideOnly: true, cell: ({ issue: { code } }) => code },
    {
      id: 'amount',
      head: t('col.amount'),
      numeric: true,
      cell: ({ amount }) => <Amount money={amount} withCurrency />,
    },
    { id: 'buyer', head: t('ecard.buyer'), cell: ({ buyer }) => <Cut>{nameOf(buyer)}</Cut> },
    { id: 'email', head: t('ecard.address'), grow: true, wraps: true, cell: (ecard) => <Address ecard={ecard} /> },
    { id: 'card', head: t('col.card'), cell: ({ card }) => <CardLink card={card} /> },
    { id: 'state', head: t('field.state'), cell: (ecard) => <EcardState ecard={ecard} /> },
    ...(onResend === null
      ? []
      : [
          {
            id: 'act',
            head: t('audit.action'),
            cell: (ecard: EcardRow) =>
              ecard.state === 'sent' && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`${t('ecard.resend')} ${ecard.id}`}
                  onClick={() => onResend(ecard)}
                >
                  {t('ecard.resend')}
                </Button>
              ),
          },
        ]),
  ]
}

/** A name that is cut if it is longer than its column; the whole name is shown on hover. */
const Cut = ({ children }: { children: string }) => (
  <span className={classes.cut} title={children}>
    {children}
  </span>
)

function CardLink({ card }: Pick<EcardRow, 'card'>) {
  const may = useMay()
  if (card === null) return '–'
  const shown = `…${card.shown.slice(-4)}`
  if (!may('cards.find')) return shown
  return (
    <Link to="/cards/$id" params={{ id: card.id }}>
      {shown}
    </Link>
  )
}

/** The address, and any obstacle. */
function Address({ ecard: { email, problem, state, dueAt } }: { ecard: EcardRow }) {
  const t = useText()
  const word = useWord()
  const why = problem === null ? '' : word('result', word('ecardProblem', problem))
  return (
    <span title={`${email} ${why}`.trim()}>
      {email} <span className={classes.small}>{why}</span>
      {state === 'sending' && why !== '' && dueAt !== null && (
        <span className={classes.small}>
          {` · ${t('ecard.nextTry')} `}
          <When at={dueAt} show="clock" />
        </span>
      )}
    </span>
  )
}

function EcardState({ ecard: { state, problem, mails, proposedBy, decidedBy } }: { ecard: EcardRow }) {
  const t = useText()
  return (
    <span title={[proposedBy, decidedBy].filter(Boolean).join(', ')}>
      <Status tone={problem !== null && state !== 'failed' ? 'warn' : TONES[state]}>
        {state === 'sent' ? t('ecard.mails', { n: mails }) : t(`ecardState.${state}`)}
      </Status>
    </span>
  )
}
