import { Button, Tooltip } from '@mantine/core'
import { IconBox, IconCheck, IconCoin, IconSkull, IconTruck } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { packQuery } from '../../api/queries.ts'
import { type Right, useMay } from '../../api/session.ts'
import { Amount } from '../../components/Amount.tsx'
import { Callout } from '../../components/Callout.tsx'
import { Facts } from '../../components/Facts.tsx'
import { PageHead } from '../../components/PageHead.tsx'
import { usePageActions, useRecent } from '../../components/palette-entries.ts'
import { Panel } from '../../components/Panel.tsx'
import { Timeline } from '../../components/Timeline.tsx'
import { useStored } from '../../i18n/stored.ts'
import { useFormat } from '../../i18n/useFormat.ts'
import { useLocalized, useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import type { PackAct } from './PackDialog.tsx'
import { type PackRecord, PackState } from './pack-state.tsx'

const PackDialog = lazy(() => import('./PackDialog.tsx').then((module) => ({ default: module.PackDialog })))

const REFRESH_MS = 5_000

/** One pack: its recipient, the permitted steps, and its history. */
export function Pack() {
  const t = useText()
  const format = useFormat()
  const { id = '' } = useParams({ strict: false })
  const pack = useSuspenseQuery({ ...packQuery(id), refetchInterval: REFRESH_MS }).data
  const [asking, setAsking] = useState<PackAct | null>(null)
  useRecent({ name: t('pack.number', { id }), hint: pack.issue, to: `/packs/${id}` })
  return (
    <>
      <PageHead
        parent={{ to: '/packs', label: t('page.packs') }}
        title={t('pack.number', { id })}
        status={<PackState {...pack} />}
        facts={
          <>
            <Link to="/issues/$code" params={{ code: pack.issue }}>
              {pack.issue}
            </Link>
            <span>{pack.recipient.name}</span>
            <span>{t('issue.cardCount', { n: pack.cards, count: format.count(pack.cards) })}</span>
          </>
        }
        actions={<Acts pack={pack} onAct={setAsking} />}
      />
      <div className={classes.record}>
        <div className={classes.stack}>
          <Waiting pack={pack} onAct={setAsking} />
          <Custody pack={pack} />
        </div>
        <div className={classes.stack}>
          <States pack={pack} />
          <Sale pack={pack} />
        </div>
      </div>
      <Suspense>{asking !== null && <PackDialog act={asking} pack={pack} onClose={() => setAsking(null)} />}</Suspense>
    </>
  )
}

type Props = { pack: PackRecord; onAct: (act: PackAct) => void }

const RIGHTS = {
  dispatch: 'packs.dispatch',
  receive: 'packs.receive',
  activate: 'packs.activate',
  sell: 'packs.sell',
  return: 'packs.return',
  kill: 'packs.kill',
} as const satisfies Partial<Record<PackAct, Right>>
const ORDER = Object.keys(RIGHTS) as readonly (keyof typeof RIGHTS)[]

/** The step that is likely next is the filled one. */
const LIKELY: Readonly<Partial<Record<PackRecord['state'], PackAct>>> = {
  made: 'dispatch',
  dispatched: 'receive',
  received: 'activate',
}

function Acts({ pack, onAct }: Props) {
  const t = useText()
  const may = useMay()
  const { recipient, state } = pack
  const offered = ORDER.filter((act) => may(RIGHTS[act]) && (act !== 'sell' || recipient.kind === 'counterparty'))
  const isPossible = (act: string): boolean => pack.steps.find(({ step }) => step === act)?.possible ?? false
  usePageActions(
    offered.filter(isPossible).map((act) => ({ name: t(`pack.do.${act}`, { id: pack.id }), run: () => onAct(act) })),
  )
  return offered.map((act) => {
    if (isPossible(act)) {
      return (
        <Button
          key={act}
          className={classes.asks ?? ''}
          {...(LIKELY[state] === act && { variant: 'filled' })}
          onClick={() => onAct(act)}
        >
          {t(`pack.${act}`)}
        </Button>
      )
    }
    const why = t('pack.notNow', { state: t(`packState.${state}`) })
    return (
      <Tooltip key={act} label={why} events={{ hover: true, focus: true, touch: true }}>
        <Button className={classes.asks ?? ''} data-disabled aria-disabled aria-description={why}>
          {t(`pack.${act}`)}
        </Button>
      </Tooltip>
    )
  })
}

/** The second person's step, or for others the name of the person who asked. */
function Waiting({ pack, onAct }: Props) {
  const t = useText()
  const localized = useLocalized()
  const [waiting] = pack.approvals
  if (waiting === undefined) return null
  const act: PackAct = waiting.kind === 'packSale' ? 'approve' : 'authorise'
  return (
    <Callout
      tone="wait"
      title={t('pack.waits')}
      {...(waiting.refused === null && {
        action: (
          <Button variant="filled" className={classes.asks ?? ''} onClick={() => onAct(act)}>
            {t(`pack.${act}`)}
          </Button>
        ),
      })}
    >
      {t('pack.waitsBy', { by: waiting.by })} {waiting.refused !== null && localized(waiting.refused)}
    </Callout>
  )
}

const ICONS: Readonly<Record<string, ReactNode>> = {
  made: <IconBox />,
  dispatched: <IconTruck />,
  sale_asked: <IconCoin />,
  sale_approved: <IconCoin />,
  sold: <IconCoin />,
  killed: <IconSkull />,
}

function Custody({ pack }: { pack: PackRecord }) {
  const t = useText()
  const word = useWord()
  const stored = useStored()
  return (
    <Panel title={t('pack.custody')} flush={pack.events.length > 0}>
      {pack.events.length === 0 && <p className={classes.small}>{t('pack.noCustody')}</p>}
      <Timeline
        label={t('pack.custody')}
        entries={pack.events.toReversed().map(({ at, who, event, reason, detail }, index) => {
          const sentence = [reason === null ? '' : t('card.quote', { text: reason }), stored(detail ?? '')]
            .filter(Boolean)
            .join(' ')
          return {
            id: `${at}-${index}`,
            at,
            icon: ICONS[event] ?? <IconCheck />,
            title: word('custody', event),
            where: who,
            ...(event === 'killed' && { tone: 'bad' as const }),
            ...(sentence !== '' && { sentence }),
          }
        })}
      />
    </Panel>
  )
}

function States({ pack }: { pack: PackRecord }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  return (
    <Panel title={t('pack.states')} note={pack.state === 'killed' ? t('pack.killedCards') : undefined}>
      <Facts facts={pack.states.map(({ state, count }) => [word('cardState', state), format.count(count)] as const)} />
    </Panel>
  )
}

function Sale({ pack: { sale } }: { pack: PackRecord }) {
  const t = useText()
  if (sale === null) return null
  return (
    <Panel title={t('pack.sale')}>
      <Facts
        facts={[
          [t('pack.each'), <Amount key="each" money={sale.each} withCurrency />],
          [t('pack.total'), <Amount key="total" money={sale.total} withCurrency />],
          ...(sale.askedBy === null ? [] : [[t('pack.askedBy'), sale.askedBy] as const]),
          ...(sale.approvedBy === null ? [] : [[t('pack.approvedBy'), sale.approvedBy] as const]),
        ]}
      />
    </Panel>
  )
}
