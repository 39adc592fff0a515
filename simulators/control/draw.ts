import type { Random } from '../random.ts'
import type { Turns } from './rule.ts'

/** The rules in force. `draw` returns the rule that applies now, and counts the turns of those that match. */
export type Rules<Rule extends Turns> = {
  readonly set: (rules: readonly Rule[]) => void
  readonly draw: (fits: (rule: Rule) => boolean) => Rule | null
  /** The rules and how often each has applied. */
  readonly told: () => readonly { readonly rule: Rule; readonly happened: number }[]
}

type Standing<Rule> = { readonly rule: Rule; passed: number; happened: number }

export function rulesWith<Rule extends Turns>(rules: readonly Rule[], random: Random): Rules<Rule> {
  const standing = (list: readonly Rule[]): Standing<Rule>[] => list.map((rule) => ({ rule, passed: 0, happened: 0 }))
  let all = standing(rules)

  const happens = (one: Standing<Rule>): boolean => {
    const { percent, after, first } = one.rule
    if (one.passed < after) {
      one.passed++
      return false
    }
    if ((first !== null && one.happened >= first) || !random.chance(percent)) return false
    one.happened++
    return true
  }
  return {
    set: (list) => void (all = standing(list)),
    draw: (fits) => all.find((one) => fits(one.rule) && happens(one))?.rule ?? null,
    told: () => all.map(({ rule, happened }) => ({ rule, happened })),
  }
}
