import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/call.ts'
import type { Search } from '../api/queries.ts'
import { problemText } from '../components/problem-text.ts'
import { useKeys } from '../keyboard/keys.ts'
import { dayOf, endOfDay, startOfDay } from '../i18n/days.ts'
import classes from './CriteriaFields.module.css'
import { type Criterion, currencyOf, isAcceptable, type Wording } from './criterion.ts'
import { moneyText, parseMoney } from './money-text.ts'

type Props = {
  criteria: readonly Criterion[]
  search: Search
  wording: Wording
  onChange: (changes: Search) => void
}

/** The fields of a search. Input goes into the URL after a pause, on Enter and on leaving the field. */
export function CriteriaFields({ criteria, search, wording, onChange }: Props) {
  const { t } = wording
  const asked = criteria.filter(({ kind }) => kind !== 'shown')
  const more = asked.filter(({ main }) => main !== true)
  const [open, setOpen] = useState(() => more.some(({ key }) => search[key] !== undefined))
  const group = useRef<HTMLDivElement>(null)
  useKeys({ f: () => group.current?.querySelector<HTMLElement>('select, input')?.focus() })
  const Chevron = open ? IconChevronUp : IconChevronDown
  const shown = asked.filter(({ main }) => open || main === true)
  return (
    <div ref={group} className={classes.fields} role="group" aria-label={t('list.criteria')}>
      {shown.map((criterion) => (
        <Field
          key={criterion.key}
          criterion={criterion}
          value={search[criterion.key] ?? ''}
          wording={wording}
          onChange={onChange}
        />
      ))}
      <Button
        variant="subtle"
        className={classes.more}
        aria-expanded={open}
        rightSection={<Chevron size={14} />}
        onClick={() => setOpen(!open)}
      >
        {t(open ? 'list.fewer' : 'list.more')}
      </Button>
    </div>
  )
}

type FieldProps = { criterion: Criterion; value: string; wording: Wording; onChange: (changes: Search) => void }

function Field({ criterion, value, wording, onChange }: FieldProps) {
  const { key, kind, label } = criterion
  const { t } = wording
  const set = (next: string): void => {
    if (next !== value) onChange({ [key]: next })
  }
  if (kind === 'choice' || kind === 'flag') {
    return (
      <NativeSelect
        label={t(label)}
        value={value}
        onChange={(event) => set(event.target.value)}
        data={optionsOf(criterion, value, wording)}
      />
    )
  }
  if (kind === 'number') return <NumberField label={t(label)} t={t} onSet={set} />
  return <TypedField criterion={criterion} value={value} wording={wording} onSet={set} />
}

type NumberProps = { label: string; t: Wording['t']; onSet: (handle: string) => void }

/** A field for a whole number, barcode or eCode. The input is replaced at once by a handle of this session, which the chip shows. */
function NumberField({ label, t, onSet }: NumberProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  // Enter, and then leaving the field, send one request only, because failed tries of a person without the right to search are counted.
  const asked = useRef('')
  const commit = async (): Promise<void> => {
    const given = text.trim()
    if (given === '' || given === asked.current) return
    asked.current = given
    try {
      const { handle } = await call('find.search', { body: { text: given, by: 'typed' } })
      if (handle === null) return setProblem(t('find.noNumber'))
      setText('')
      asked.current = ''
      onSet(handle)
    } catch (error) {
      asked.current = ''
      setProblem(problemText(error, t))
    }
  }
  return (
    <TextInput
      label={label}
      value={text}
      error={problem}
      autoComplete="off"
      spellCheck={false}
      maxLength={200}
      onChange={(event) => {
        setText(event.target.value)
        setProblem(null)
      }}
      onBlur={() => void commit()}
      onKeyDown={(event) => event.key === 'Enter' && void commit()}
    />
  )
}

/** If a link contains a list of values, the list becomes a further option, so that the field shows it. */
function optionsOf(criterion: Criterion, value: string, wording: Wording): { value: string; label: string }[] {
  const { t } = wording
  const options =
    criterion.kind === 'flag'
      ? FLAGS.map((flag) => ({ value: String(flag), label: t(flag ? 'list.yes' : 'list.no') }))
      : [...(criterion.options?.(wording) ?? [])]
  const isKnown = value === '' || options.some((option) => option.value === value)
  const several = isKnown
    ? []
    : [
        {
          value,
          label: value
            .split(',')
            .map((one) => options.find((option) => option.value === one)?.label ?? one)
            .join(', '),
        },
      ]
  return [{ value: '', label: t('list.any') }, ...several, ...options]
}
const FLAGS = [true, false]

const PAUSE_MS = 600

type TypedProps = { criterion: Criterion; value: string; wording: Wording; onSet: (value: string) => void }

function TypedField({ criterion, value, wording, onSet }: TypedProps) {
  const { t } = wording
  const known = shownText(criterion, value, wording)
  const [text, setText] = useState(known)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(known), [known])
  useEffect(() => () => clearTimeout(timer.current), [])
  const sent = sentText(criterion, text, wording)
  const commit = (typed: string): void => {
    clearTimeout(timer.current)
    const next = sentText(criterion, typed, wording)
    if (next !== null) onSet(next)
  }
  const isDay = criterion.kind !== 'text' && criterion.kind !== 'money'
  return (
    <TextInput
      label={t(criterion.label)}
      type={isDay ? 'date' : 'text'}
      inputMode={criterion.kind === 'money' ? 'decimal' : undefined}
      value={text}
      error={sent === null}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const typed = event.target.value
        setText(typed)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => commit(typed), PAUSE_MS)
      }}
      onBlur={() => commit(text)}
      onKeyDown={(event) => event.key === 'Enter' && commit(text)}
    />
  )
}

function shownText({ kind }: Criterion, value: string, { format, choices }: Wording): string {
  if (value === '') return ''
  if (kind === 'dayBegin' || kind === 'dayEnd') return dayOf(value, format.homeZone)
  return kind === 'money' ? moneyText(Number(value), currencyOf(choices).exponent, format.decimalMark) : value
}

/** The URL value of an input; null: not (yet) a valid value. */
function sentText(criterion: Criterion, typed: string, { format, choices }: Wording): string | null {
  const text = typed.trim()
  if (text === '') return ''
  switch (criterion.kind) {
    case 'dayBegin':
      return startOfDay(text, format.homeZone)
    case 'dayEnd':
      return endOfDay(text, format.homeZone)
    case 'money': {
      const minor = parseMoney(text, currencyOf(choices).exponent)
      return minor === null ? null : String(minor)
    }
    case 'text':
    case 'day':
    case 'choice':
    case 'flag':
    case 'number':
    case 'shown':
      return isAcceptable(criterion, text) ? text : null
  }
}
