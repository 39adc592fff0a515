import { keeperStates } from '../control/door-keeper.ts'
import { cardStates } from '../demo/cards.ts'
import { confirmations, macMethods } from '../demo/terminals.ts'
import { gremlinFaults } from '../gremlin/faults.ts'
import { hostFaultNames } from '../host/faults.ts'
import { entryNames, operationNames } from '../terminal/operations.ts'
import { cardKeys, hostKeys, terminalKeys } from './parse-cast.ts'
import { keysOf, MESSAGE, verbs } from './parse-step.ts'
import { scenarioKeys } from './parse.ts'
import { sectionNames } from './sections.ts'

type Json = { readonly [key: string]: unknown }

/** Scenarios know only text; values that YAML reads as numbers or booleans are accepted too. */
const scalar: Json = { type: ['string', 'number', 'boolean', 'null'] }
const text = (pattern: string): Json => ({ type: ['string', 'number'], pattern })
const among = (names: readonly string[]): Json => ({
  enum: [...names, ...names.filter((name) => /^\d+$/.test(name)).map(Number)],
})
const oneOrMore = (items: Json): Json => ({ anyOf: [items, { type: 'array', items, minItems: 1 }] })
const mapOf = (values: Json): Json => ({ type: 'object', additionalProperties: values })

const duration = text('^\\d+(\\.\\d+)?(ms|s|m|h)$')
const amounts = text('^\\d+(\\.\\d{1,2})?(\\.\\.\\d+(\\.\\d{1,2})?)?$')
const ref = (name: string): Json => ({ $ref: `#/definitions/${name}` })
const count = oneOrMore({ type: ['integer', 'string'], pattern: '^\\d+$' })
const rule = (faults: readonly string[]): Json => oneOrMore({ type: 'string', pattern: `^(${faults.join('|')})( |$)` })
const state: Json = { type: 'string', pattern: `^(${keeperStates.join('|')})( |$)` }

/** Every key of a step and its values; the parser's tables say which belong to which step. */
const STEP: Readonly<Record<string, Json>> = {
  title: scalar,
  send: {
    ...among([...operationNames, MESSAGE]),
    description: 'what a till asks; message: only what mti and fields say',
  },
  confirm: { ...scalar, description: 'the 0202 of an earlier step' },
  reverse: { ...scalar, description: 'the 0420 of an earlier step' },
  cancel: { ...scalar, description: 'the 0400 of an earlier step' },
  repeat: { ...scalar, description: 'an earlier step again, as x1' },
  bytes: text('^([0-9a-fA-F]{2}\\s*)+$'),
  wait: duration,
  close: { ...scalar, description: 'the line that is cut' },
  together: { type: 'array', items: ref('step'), minItems: 1 },
  cases: mapOf({ anyOf: [scalar, mapOf(scalar)] }),
  decide: mapOf(among(['confirm', 'reverse'])),
  clear: scalar,
  loop: { type: ['integer', 'string'], pattern: '^[1-9]\\d*$', minimum: 1 },
  clock: text('^[+-]?\\d+(\\.\\d+)?(ms|s|m|h)$'),
  network: { anyOf: [state, rule(['normal', ...Object.keys(gremlinFaults)])] },
  host: scalar,
  rules: rule(hostFaultNames),
  received: { type: 'object', additionalProperties: false, patternProperties: { '^\\d{4}$': count } },
  steps: { type: 'array', items: ref('step'), minItems: 1 },
  terminal: oneOrMore(scalar),
  line: scalar,
  card: oneOrMore(scalar),
  onto: scalar,
  entry: oneOrMore(among(entryNames)),
  amount: amounts,
  currency: scalar,
  flags: scalar,
  mti: text('^\\d{3,4}$'),
  fields: { type: 'object', additionalProperties: false, patternProperties: { '^\\d{1,3}$': scalar } },
  remove: oneOrMore({ type: ['integer', 'string'], pattern: '^\\d{1,3}$' }),
  totals: mapOf({ type: 'array', items: scalar, minItems: 2, maxItems: 2 }),
  bitmap: among(['single', 'double']),
  mac: among(['right', 'wrong', 'left out']),
  under: scalar,
  as: scalar,
  timeout: duration,
  plain: { type: ['boolean', 'string'] },
  how: among(['close', 'reset']),
  tally: mapOf(count),
  expect: ref('expect'),
}

const properties = (keys: readonly string[], table: Readonly<Record<string, Json>>): Json =>
  Object.fromEntries(keys.map((key) => [key, table[key] ?? scalar]))

/** One kind of step for each verb. */
const step = (verb: (typeof verbs)[number]): Json => ({
  type: 'object',
  required: [verb],
  additionalProperties: false,
  properties: properties(['title', verb, ...keysOf[verb]], verb === 'host' ? { ...STEP, line: state } : STEP),
})

const value: Json = { anyOf: [scalar, mapOf(scalar)] }
const matcher: Json = { anyOf: [scalar, mapOf(scalar), { type: 'array', items: value, minItems: 1 }] }
const expectation: Json = {
  anyOf: [
    among(['none', 'closed', 'unread', 'unsent']),
    {
      type: 'object',
      additionalProperties: false,
      patternProperties: { '^\\d{1,3}$': matcher },
      properties: {
        mti: text('^\\d{3,4}$'),
        identical: { type: ['boolean', 'string'] },
        mac: among(['present', 'absent']),
        totals: STEP['totals'],
      },
    },
  ],
}

const named = (
  keys: readonly string[],
  table: Readonly<Record<string, Json>>,
  required: readonly string[] = [],
): Json =>
  mapOf({ type: ['object', 'null'], required, additionalProperties: false, properties: properties(keys, table) })

const whole: Json = { type: ['integer', 'string'], pattern: '^\\d+$' }

const TOP: Readonly<Record<string, Json>> = {
  title: { ...scalar, description: 'what the story is' },
  description: scalar,
  section: { ...among(sectionNames), description: 'of the terminal interface, for conformance' },
  timeout: { ...duration, description: 'how long an answer may take' },
  'confirm-timeout': { ...duration, description: 'only for a switch whose confirm timer is this' },
  seed: { ...whole, description: 'what draws begin from' },
  terminals: named(terminalKeys, { confirmation: among(confirmations), mac: among(macMethods) }),
  hosts: named(hostKeys, { port: whole, rules: rule(hostFaultNames), 'sign-on': { type: ['boolean', 'string'] } }, [
    'port',
  ]),
  cards: named(cardKeys, { state: among(cardStates), given: whole, place: whole }),
  steps: { type: 'array', items: ref('step'), minItems: 1 },
}

/** The JSON schema of scenario files, for editors: from the tables of the parser, so that neither knows more than the other. */
export const scenarioSchema = (): Json => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A scenario of akart-sim run',
  type: 'object',
  required: ['title', 'steps'],
  additionalProperties: false,
  properties: properties(scenarioKeys, TOP),
  definitions: { step: { anyOf: verbs.map(step) }, expect: expectation },
})
