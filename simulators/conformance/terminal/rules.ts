import type { Section } from '../../scenario/sections.ts'
import { originalMti } from '../../terminal/operations.ts'
import { isRepeat, keyOf, names, type Said, saidBy, type Story } from './trace.ts'

/** The result of a rule so far; null: undecided. */
export type Verdict = { readonly ok: boolean; readonly seen: string; readonly frames: readonly number[] } | null

export type Rule = {
  /** Of the terminal interface. */
  readonly section: Section
  /** The requirement in words. */
  readonly text: string
  readonly judge: (story: Story) => Verdict
  /** The result if the story ends undecided; `not seen`: there was nothing to judge. */
  readonly otherwise: 'passed' | 'failed' | 'not seen'
}

const good = (seen: string, ...said: Said[]): Verdict => ({
  ok: true,
  seen,
  frames: said.map(({ frame }) => frame.number),
})
const bad = (seen: string, ...said: Said[]): Verdict => ({
  ok: false,
  seen,
  frames: said.map(({ frame }) => frame.number),
})

const MONEY: ReadonlySet<string> = new Set(['0200', '0220'])
const WORK: ReadonlySet<string> = new Set(['0200', '0220', '0400'])
const FOLLOW_UPS: ReadonlySet<string> = new Set(['0202', '0400', '0420'])

const kindOf = ({ mti }: Said): string => originalMti(mti)

type About = { readonly original: Said; readonly after: readonly Said[] }

/** The request of a story and the terminal's later messages. */
function about({ original, frames }: Story): About | null {
  if (original?.message == null) return null
  const said: Said = { frame: original, ...original.message }
  return { original: said, after: saidBy(frames, 'terminal').filter(({ frame }) => frame.number > original.number) }
}

/** Judges the terminal's messages after the request one by one, until the rule is decided. */
const afterwards =
  (look: (said: Said, about: About) => Verdict): Rule['judge'] =>
  (story) => {
    const found = about(story)
    if (found === null) return null
    for (const said of found.after) {
      const verdict = look(said, found)
      if (verdict !== null) return verdict
    }
    return null
  }

const isNewWork = (said: Said, { original }: About): boolean =>
  WORK.has(kindOf(said)) && keyOf(said) !== keyOf(original)

const settles = afterwards((said, found) => {
  if (keyOf(said) === keyOf(found.original)) return good('it was sent again', said)
  if (kindOf(said) === '0420' && names(said, found.original)) return good('it was reversed', said)
  if (kindOf(said) === '0202' && names(said, found.original)) return bad('it was confirmed', said)
  return isNewWork(said, found) ? bad('new work came first', said) : null
})

const followedBy = (kind: string, verdict: (said: Said) => Verdict): Rule['judge'] =>
  afterwards((said, { original }) => (kindOf(said) === kind && names(said, original) ? verdict(said) : null))

/** The first of a kind that names the request is sent again under its key. */
const insists =
  (kind: string): Rule['judge'] =>
  (story) => {
    const found = about(story)
    if (found === null) return null
    const first = found.after.find((said) => kindOf(said) === kind && names(said, found.original))
    if (first === undefined) return null
    for (const said of found.after.filter(({ frame }) => frame.number > first.frame.number)) {
      if (keyOf(said) === keyOf(first)) return good('it was sent again under its key', first, said)
      if (kindOf(said) === kind && names(said, found.original))
        return bad('it was sent again under another key (DE7, DE11)', first, said)
      if (kind === '0420' && isNewWork(said, found)) return bad('new work came first', first, said)
    }
    return null
  }

const everyone =
  (look: (said: Said, before: readonly Said[]) => Verdict): Rule['judge'] =>
  (story) => {
    const earlier = saidBy(story.before, 'terminal')
    const now = saidBy(story.frames, 'terminal')
    const verdicts = now.flatMap((said, i) => look(said, [...earlier, ...now.slice(0, i)]) ?? [])
    return verdicts.find(({ ok }) => !ok) ?? null
  }

const seenSome =
  (judge: Rule['judge'], some: (said: Said) => boolean): Rule['judge'] =>
  (story) => {
    const found = judge(story)
    const fitting = saidBy(story.frames, 'terminal').filter(some)
    return found ?? (fitting.length === 0 ? null : good('all of them', ...fitting))
  }

/** The elements that a repeat must have unchanged, besides its key. */
const SAME = [3, 4, 7, 11, 12, 13, 22, 49, 90] as const

const repeatsSame = everyone((said, before) => {
  if (!isRepeat(said)) return null
  const first = before.find(
    (one) => kindOf(one) === kindOf(said) && one.fields[11] === said.fields[11] && one.fields[41] === said.fields[41],
  )
  if (first === undefined) return bad(`${said.mti} repeats nothing that came before`, said)
  const changed = SAME.filter((de) => first.fields[de] !== said.fields[de])
  return changed.length === 0 ? null : bad(`${said.mti} has another DE${changed.join(', DE')}`, first, said)
})

const freshKeys = everyone((said, before) => {
  if (isRepeat(said)) return null
  const first = before.find(
    (one) => keyOf(one) === keyOf(said) && [3, 4, 90].some((de) => one.fields[de] !== said.fields[de]),
  )
  return first === undefined ? null : bad('DE7 and DE11 of an earlier request were used for another one', first, said)
})

const namesOriginal = everyone((said, before) => {
  if (!FOLLOW_UPS.has(kindOf(said))) return null
  const value = said.fields[90] ?? ''
  if (!/^0\d{3}\d{6}\d{10}0{22}$/.test(value)) return bad(`DE90 of ${said.mti} is '${value}'`, said)
  return before.some((one) => names(said, one))
    ? null
    : bad(`DE90 of ${said.mti} names no request of this terminal`, said)
})

const MANDATORY: Readonly<Record<string, readonly number[]>> = {
  '0100': [3, 7, 11, 12, 13, 22, 41, 42],
  '0200': [3, 7, 11, 12, 13, 22, 41, 42, 49],
  '0220': [3, 4, 7, 11, 12, 13, 22, 41, 42, 49],
  '0202': [3, 7, 11, 12, 13, 41, 42, 90],
  '0400': [3, 7, 11, 12, 13, 41, 42, 90],
  '0420': [3, 7, 11, 12, 13, 41, 42, 90],
  '0600': [3, 7, 11, 12, 13, 22, 41, 42],
  '0800': [7, 11, 41, 70],
}

const complete = everyone((said) => {
  const missing = (MANDATORY[kindOf(said)] ?? []).filter((de) => said.fields[de] === undefined)
  return missing.length === 0 ? null : bad(`${said.mti} lacks DE${missing.join(', DE')}`, said)
})

/** The elements that must accompany each entry mode, by the first two digits of DE22. */
const ENTRIES: Readonly<Record<string, (fields: Said['fields']) => boolean>> = {
  '01': (fields) => fields[2] !== undefined,
  '02': (fields) => fields[35] !== undefined || fields[45] !== undefined || fields[55] !== undefined,
  '03': (fields) => fields[2] !== undefined,
  '81': (fields) => fields[2] !== undefined && fields[62] !== undefined,
  '90': (fields) => fields[35] !== undefined || fields[45] !== undefined,
}

const entryAgrees = everyone((said) => {
  const mode = said.fields[22]
  if (mode === undefined || !MONEY.has(kindOf(said))) return null
  const fits = ENTRIES[mode.slice(0, 2)]
  if (fits === undefined) return bad(`DE22 is ${mode}`, said)
  return fits(said.fields) ? null : bad(`DE22 is ${mode}, and the card is not shown that way`, said)
})

const MOST_APART_MS = 2 * 60_000

/** Milliseconds between DE7 and a moment, whichever year makes it nearest. */
export function clockError(transmission: string, clock: number): number {
  const [, month = '', day = '', hour = '', minute = '', second = ''] =
    /^(..)(..)(..)(..)(..)$/.exec(transmission) ?? []
  const year = new Date(clock).getUTCFullYear()
  const apart = [year - 1, year, year + 1].map((one) =>
    Math.abs(Date.UTC(one, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - clock),
  )
  return Math.min(...apart)
}

const clockRight = everyone((said) => {
  const sent = said.fields[7] ?? ''
  if (isRepeat(said) || clockError(sent, said.frame.clock) <= MOST_APART_MS) return null
  return bad(`DE7 is ${sent}, and it is ${new Date(said.frame.clock).toISOString().slice(5, 19)} UTC`, said)
})

const localTime = everyone(({ fields, ...said }) => {
  const time = /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(fields[12] ?? '000000')
  const date = /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(fields[13] ?? '0101')
  return time && date ? null : bad(`DE12 and DE13 are ${fields[12] ?? ''} and ${fields[13] ?? ''}`, { fields, ...said })
})

const macRight: Rule['judge'] = ({ frames, terminal }) => {
  if (terminal === null || terminal.mac === 'none') return null
  const said = saidBy(frames, 'terminal')
  const wrong = said.find(({ frame }) => frame.mac !== null)
  if (wrong !== undefined) return bad(wrong.frame.mac ?? '', wrong)
  return said.length === 0 ? null : good('all of them', ...said)
}

const readable: Rule['judge'] = ({ frames }) => {
  const wrong = frames.find(({ from, message }) => from === 'terminal' && message === null)
  return wrong === undefined ? null : { ok: false, seen: wrong.note, frames: [wrong.number] }
}

export const rules = {
  readable: { section: '1', text: 'every frame and message can be read', judge: readable, otherwise: 'passed' },
  complete: { section: '3', text: 'every message has what it must have', judge: complete, otherwise: 'passed' },
  entry: { section: '3', text: 'DE22 agrees with how the card is shown', judge: entryAgrees, otherwise: 'passed' },
  clock: {
    section: '3',
    text: 'DE7 is UTC, within two minutes of the true time',
    judge: clockRight,
    otherwise: 'passed',
  },
  localTime: { section: '3', text: 'DE12 and DE13 are a time and a date', judge: localTime, otherwise: 'passed' },
  freshKeys: {
    section: '4',
    text: 'DE7 and DE11 are never those of another request',
    judge: freshKeys,
    otherwise: 'passed',
  },
  repeats: {
    section: '4',
    text: 'a repeat (x1) has the DE7, 11, 12 and 13 of its first sending, and asks the same',
    judge: seenSome(repeatsSame, isRepeat),
    otherwise: 'not seen',
  },
  names: {
    section: '5',
    text: 'DE90 names the original: MTI, DE11, DE7 and 22 zeros',
    judge: seenSome(namesOriginal, (said) => FOLLOW_UPS.has(kindOf(said))),
    otherwise: 'not seen',
  },
  mac: {
    section: '7',
    text: 'every message has its right MAC in the last field',
    judge: macRight,
    otherwise: 'not seen',
  },
  settles: {
    section: '5',
    text: 'a request without an answer is repeated or reversed before any new work',
    judge: settles,
    otherwise: 'failed',
  },
  confirms: {
    section: '5',
    text: 'an approval is confirmed by an 0202',
    judge: followedBy('0202', (said) => good('it was confirmed', said)),
    otherwise: 'failed',
  },
  neverConfirms: {
    section: '5',
    text: 'what was not approved in time is never confirmed',
    judge: followedBy('0202', (said) => bad('it was confirmed', said)),
    otherwise: 'passed',
  },
  neverReverses: {
    section: '5',
    text: 'what was answered in time is not reversed',
    judge: followedBy('0420', (said) => bad('it was reversed', said)),
    otherwise: 'passed',
  },
  insistsOnReversal: {
    section: '5',
    text: 'a reversal is sent again under its key until it is answered, before any new work',
    judge: insists('0420'),
    otherwise: 'failed',
  },
  insistsOnConfirmation: {
    section: '5',
    text: 'a confirmation is sent again under its key until it is answered',
    judge: insists('0202'),
    otherwise: 'failed',
  },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof rules

/** Rules for every message, in any situation. */
export const always: readonly RuleName[] = [
  'readable',
  'complete',
  'entry',
  'clock',
  'localTime',
  'freshKeys',
  'repeats',
  'names',
  'mac',
]
