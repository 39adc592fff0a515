import { Button, SegmentedControl } from '@mantine/core'
import {
  type Icon, IconAlertTriangle, IconArrowBackUp, IconBan, IconBox, IconCheck, IconClockHour4, IconEye, IconLock, IconLockOpen, IconMinus,
  IconPlus, IconPrinter, IconScale, IconShoppingBag,
} from '@tabler/icons-react' // prettier-ignore
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../../api/call.ts'
import { storyQuery } from '../../api/queries.ts'
import { Panel } from '../../components/Panel.tsx'
import { Problem } from '../../components/Problem.tsx'
import { TableSkeleton } from '../../components/States.tsx'
import { Timeline, type TimelineEntry } from '../../components/Timeline.tsx'
import { useFormat } from '../../i18n/useFormat.ts'
import type { TextId } from '../../i18n/texts.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import classes from '../screens.module.css'
import { useOperation } from '../operation.ts'

type Entry = Answer<'cards.story'>['items'][number]
type Tone = NonNullable<TimelineEntry['tone']>

const FIRST = 50
const MORE = 150
const MOST = 500
const REFRESH_MS = 5000

/** Everything that happened to the card, newest first. */
export function Story({ id, currency }: { id: string; currency: string }) {
  const t = useText()
  const [limit, setLimit] = useState(FIRST)
  const [only, setOnly] = useState<'all' | 'money'>('all')
  const { data, error, refetch } = useQuery({ ...storyQuery(id, limit), refetchInterval: REFRESH_MS })
  const items = (data?.items ?? []).filter(({ amount, asked }) => only === 'all' || amount !== null || asked !== null)
  const entries = useEntries(items)
  return (
    <Panel
      title={t('card.story')}
      note={t('card.storyNote')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('card.story')}
          value={only}
          onChange={(value) => setOnly(value === 'money' ? 'money' : 'all')}
          data={[
            { value: 'all', label: t('card.storyAll') },
            { value: 'money', label: t('card.storyMoney') },
          ]}
        />
      }
      flush
    >
      {error !== null && data === undefined && <Problem error={error} onRetry={() => void refetch()} />}
      {error === null && data === undefined && <TableSkeleton />}
      {data !== undefined && <Timeline label={t('card.story')} entries={entries} currency={currency} />}
      {data?.next != null && limit < MOST && (
        <div className={classes.padded}>
          <Button onClick={() => setLimit((now) => Math.min(now + MORE, MOST))}>{t('card.storyOlder')}</Button>
        </div>
      )}
    </Panel>
  )
}

function useEntries(items: readonly Entry[]): readonly TimelineEntry[] {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const nameOf = useName()
  const undoing = new Set(items.flatMap(({ id, role }) => (role === 'undoes' ? [id] : [])))
  const timeOf = new Map(items.map(({ id, at }) => [id, format.clock(at)]))
  return items.map((entry): TimelineEntry => {
    const {
      id,
      at,
      kind,
      amount,
      asked,
      balance,
      result,
      response,
      state,
      store,
      terminal,
      reference,
      who,
      reason,
      detail,
      to,
    } = entry
    const declined = state === 'declined'
    const { icon: Sign, tone } = lookOf(entry)
    const name = declined ? t('card.declined', { operation: nameOf(entry), response: response ?? '' }) : nameOf(entry)
    const sentences = [
      declined && result !== null ? word('result', result) : '',
      reason === null ? '' : t('card.quote', { text: reason }),
      kind === 'try' || kind === 'view' ? '' : (detail ?? ''),
    ]
    const money = amount ?? (declined ? asked : null)
    return {
      id,
      at,
      icon: <Sign />,
      tone,
      title: to === null || to === '' ? name : <Link to={to}>{name}</Link>,
      where: [store?.name, terminal, reference, who, kind === 'try' || kind === 'view' ? detail : null]
        .filter(Boolean)
        .join(' · '),
      struck: entry.struck || declined,
      asked: declined,
      links: linksOf(entry, timeOf, undoing, t),
      ...(sentences.some(Boolean) && { sentence: sentences.filter(Boolean).join(' ') }),
      ...(money !== null && { amount: money }),
      ...(balance !== null && { balance }),
    }
  })
}

/** The texts of links to an earlier entry, by the relation to it. */
const BACK = { books: 'card.refers', confirms: 'card.confirms', undoes: 'card.undoes' } as const satisfies Record<
  NonNullable<Entry['role']>,
  TextId
>

function linksOf(
  { role, original, followers }: Entry,
  timeOf: ReadonlyMap<string, string>,
  undoing: ReadonlySet<string>,
  t: ReturnType<typeof useText>,
) {
  const back =
    original !== null && timeOf.has(original)
      ? [
          {
            to: original,
            text: t(BACK[role ?? 'books'], { time: timeOf.get(original) ?? '' }),
          },
        ]
      : []
  const on = followers
    .filter((id) => undoing.has(id))
    .map((id) => ({ to: id, text: t('card.followed', { time: timeOf.get(id) ?? '' }) }))
  return [...back, ...on]
}

function useName(): (entry: Entry) => string {
  const t = useText()
  const word = useWord()
  const operation = useOperation()
  return ({ kind, what, role, state }) => {
    if (kind === 'transaction') {
      const name = operation({ operation: what, role })
      return state === 'unconfirmed' ? t('card.unconfirmed', { operation: name }) : name
    }
    if (kind === 'case') return t('card.caseOpened', { reason: word('caseReason', what) })
    return word(`story.${kind}`, what)
  }
}

type Look = { readonly icon: Icon; readonly tone: Tone }

const KIND_LOOKS: Record<Entry['kind'], Look> = {
  made: { icon: IconPrinter, tone: 'plain' },
  pack: { icon: IconBox, tone: 'plain' },
  transaction: { icon: IconCheck, tone: 'plain' },
  event: { icon: IconCheck, tone: 'plain' },
  case: { icon: IconAlertTriangle, tone: 'warn' },
  adjustment: { icon: IconScale, tone: 'wait' },
  try: { icon: IconEye, tone: 'warn' },
  view: { icon: IconEye, tone: 'plain' },
}

const WHAT_LOOKS: Readonly<Record<string, Look>> = {
  sale: { icon: IconShoppingBag, tone: 'plain' },
  block: { icon: IconLock, tone: 'warn' },
  unblock: { icon: IconLockOpen, tone: 'plain' },
  blocked: { icon: IconLock, tone: 'warn' },
  unblocked: { icon: IconLockOpen, tone: 'plain' },
}

/** Icons show the kind: plus and minus for money, a lock for blocks, an arrow back for undoings. */
function lookOf({ kind, what, role, state, amount }: Entry): Look {
  if (state === 'declined') return { icon: IconBan, tone: 'bad' }
  if (state === 'unconfirmed' || state === 'pending') return { icon: IconClockHour4, tone: 'wait' }
  if (role === 'undoes') return { icon: IconArrowBackUp, tone: 'plain' }
  if (role === 'confirms') return { icon: IconCheck, tone: 'plain' }
  const known = WHAT_LOOKS[what]
  if (known !== undefined) return known
  if (kind === 'transaction' && amount !== null) return { icon: amount.value < 0 ? IconMinus : IconPlus, tone: 'plain' }
  return KIND_LOOKS[kind]
}
