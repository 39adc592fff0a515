import { MTI_CLASS, MTI_FUNCTION } from '../../src/iso8583/mti.ts'
import { SetUpError } from '../set-up-error.ts'
import { originalMti } from '../terminal/operations.ts'
import type { Turns } from './rule.ts'

/** Finds rules that can never apply, so that a user does not wait in vain for a fault and trust the tested program. */

const isRequest = (mti: string): boolean => Number(mti[2]) % 2 === 0

/** Why no frame can have this MTI; null where one can. `only`: which of both kinds can occur there. */
export function neverMet(mti: string, only: 'requests' | 'answers' | null): string | null {
  if (!/^\d{4}$/.test(mti)) return 'is no MTI'
  if (mti !== originalMti(mti)) return `is a repeat, which goes by the MTI of its original: ${originalMti(mti)}`
  const [, kind = '', purpose = ''] = mti
  if (!(kind in MTI_CLASS) || !(purpose in MTI_FUNCTION)) return 'is an MTI that ISO 8583 has not got'
  if (only === 'requests' && !isRequest(mti)) return 'is an answer, and only requests come there'
  if (only === 'answers' && isRequest(mti)) return 'is a request, and only answers come there'
  return null
}

const isAlways = ({ percent, after, first }: Turns): boolean => percent === 100 && after === 0 && first === null

/**
 * Reads rules, each of which can apply. `covers`: whether the first matches every frame that the second matches.
 *
 * @throws SetUpError for a rule behind another one that always takes all of its frames
 */
export function readRules<Rule extends Turns>(
  texts: readonly string[],
  parse: (text: string) => Rule,
  covers: (first: Rule, second: Rule) => boolean,
): Rule[] {
  const rules = texts.map(parse)
  for (const [at, rule] of rules.entries()) {
    const before = rules.slice(0, at).findIndex((one) => isAlways(one) && covers(one, rule))
    if (before >= 0) {
      throw new SetUpError(
        `rule '${texts[at]?.trim()}' never happens: '${texts[before]?.trim()}' before it always does`,
      )
    }
  }
  return rules
}

/** Whether the first rule covers everything that the second one names; an empty list covers all. */
export const namesAll = (first: readonly string[], second: readonly string[]): boolean =>
  first.length === 0 || (second.length > 0 && second.every((one) => first.includes(one)))
