import { SetUpError } from '../set-up-error.ts'

/**
 * A rule as it is typed or posted: a fault and its settings, as in `late ms=3000 on=0200 percent=20 first=5`. Rules are
 * tried in their order; the first that matches, and whose random draw succeeds, applies.
 */
export type RuleText = { readonly name: string; readonly settings: ReadonlyMap<string, string> }

export function splitRule(text: string): RuleText {
  const [name = '', ...words] = text.trim().split(/\s+/)
  const settings = words.map((word): [string, string] => {
    const at = word.indexOf('=')
    if (at < 1) throw new SetUpError(`rule '${text.trim()}': '${word}' is not a setting such as percent=20`)
    return [word.slice(0, at), word.slice(at + 1)]
  })
  return { name, settings: new Map(settings) }
}

/** How often a rule applies, whatever it does. */
export type Turns = {
  /** Of a hundred. */
  readonly percent: number
  /** The number of matching messages that are skipped first. */
  readonly after: number
  /** The number of times that the rule applies; null: without limit. */
  readonly first: number | null
}

export const TURN_KEYS = ['percent', 'after', 'first'] as const

/** Reads settings one by one. Throws a SetUpError that names the rule, the setting and its permitted values. */
export function settingsOf(text: string, { name, settings }: RuleText, known: readonly string[]) {
  for (const key of settings.keys())
    if (!known.includes(key))
      throw new SetUpError(`rule '${text.trim()}': ${name} knows no ${key}, only ${known.join(', ')}`)
  const wrong = (key: string, wanted: string): never => {
    throw new SetUpError(`rule '${text.trim()}': ${key}=${settings.get(key)} is not ${wanted}`)
  }
  const whole = (key: string, otherwise: number, most: number, least = 0): number => {
    const value = settings.get(key)
    if (value === undefined) return otherwise
    const isGood = /^\d{1,9}$/.test(value) && Number(value) <= most && Number(value) >= least
    return isGood ? Number(value) : wrong(key, `a whole number ${least === 0 ? 'up to' : `from ${least} to`} ${most}`)
  }
  return {
    whole,
    wrong,
    text: (key: string): string | null => settings.get(key) ?? null,
    turns: (): Turns => ({
      // With 0 the rule could never apply.
      percent: whole('percent', 100, 100, 1),
      after: whole('after', 0, 999_999_999),
      first: settings.has('first') ? whole('first', 1, 999_999_999, 1) : null,
    }),
  }
}

/** One rule a line; empty lines and `#` are passed over. */
export const ruleLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
