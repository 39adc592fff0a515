/** The mix of operations of a load. */

import { type Fault, readBranches } from '../scenario/nodes.ts'
import { mapReader, parseDuration } from '../scenario/reader.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAmount } from '../terminal/amount.ts'
import { readText } from '../read-text.ts'

export const loadOperations = ['payment', 'balance', 'topup', 'echo'] as const
export type LoadOperation = (typeof loadOperations)[number]

/** Both ends are included. */
export type Range = { readonly least: number; readonly most: number }

/** The composition of the load. `confirm`: approvals of terminals that confirm explicitly are followed by an 0202. */
export type Mix = {
  readonly shares: readonly { readonly operation: LoadOperation; readonly share: number }[]
  readonly confirm: boolean
  /** Minor units. */
  readonly payment: Range
  readonly topUp: Range
  /** Milliseconds between an answer and the next request of a till. */
  readonly think: Range
}

export const USUAL = {
  payment: { least: 1, most: 1 },
  topUp: { least: 1_000, most: 1_000 },
  think: { least: 0, most: 0 },
} as const

/** Reads `payment=80,confirm,balance=10`. Throws a SetUpError. */
export function parseMix(text: string): Mix {
  const shares: { operation: LoadOperation; share: number }[] = []
  let confirm = false
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === 'confirm') {
      confirm = true
      continue
    }
    const [name, weight = '1'] = part.split('=')
    const operation = loadOperations.find((known) => known === name)
    const share = Number(weight)
    if (!operation) throw new SetUpError(`--mix: '${name}', expected confirm or one of ${loadOperations.join(', ')}`)
    if (!(share > 0) || !Number.isFinite(share)) throw new SetUpError(`--mix: ${part}: a share is a number above zero`)
    shares.push({ operation, share })
  }
  if (shares.length === 0) throw new SetUpError('--mix: nothing to send, for instance payment=80,balance=20')
  return { shares, confirm, ...USUAL }
}

/** `1.00..50.00` or `500ms..2s`, or one value alone; null for anything else. */
export function parseRange(text: string, parse: (text: string) => number | null): Range | null {
  const [first = '', last = first, ...more] = text.split('..')
  const [least, most] = [parse(first), parse(last)]
  return least === null || most === null || least > most || more.length > 0 ? null : { least, most }
}

const shareOf = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : null)

/**
 * Reads a mix from a file: a share for each operation, and `confirm`, `amount`, `topup-amount`, `think`. Throws a SetUpError
 * naming file and line.
 */
export function readMix(file: string): Mix {
  const text = readText(file, { name: `--mix ${file}` })
  const { root, faults } = readBranches(text)
  const all: Fault[] = faults
  const keys = [...loadOperations, 'confirm', 'amount', 'topup-amount', 'think']
  const map = mapReader(root ?? undefined, 'a mix', keys, all)
  const shares = loadOperations.flatMap((operation) => {
    const share = map.parsed(operation, shareOf, 'a share above zero')
    return share === null ? [] : [{ operation, share }]
  })
  const money = (key: string, usual: Range) =>
    map.parsed(key, (one) => parseRange(one, parseAmount), 'an amount, or a range such as 1.00..50.00') ?? usual
  const mix: Mix = {
    shares,
    confirm: map.text('confirm') === 'true',
    payment: money('amount', USUAL.payment),
    topUp: money('topup-amount', USUAL.topUp),
    think:
      map.parsed('think', (one) => parseRange(one, parseDuration), 'a time, or a range such as 500ms..2s') ??
      USUAL.think,
  }
  if (shares.length === 0) map.fault(map.line, 'a mix has at least one operation with its share')
  if (all.length > 0) throw new SetUpError(all.map(({ line, reason }) => `${file}:${line}: ${reason}`).join('\n'))
  return mix
}

/** The operation for a random number from 0 to 1. */
export function drawOperation({ shares }: Mix, random: number): LoadOperation {
  const total = shares.reduce((sum, { share }) => sum + share, 0)
  let left = random * total
  for (const { operation, share } of shares) {
    left -= share
    if (left < 0) return operation
  }
  return shares.at(-1)?.operation ?? 'echo'
}

/** One of a range for a random number from 0 to 1. */
export const drawWithin = ({ least, most }: Range, random: number): number =>
  least + Math.floor(random * (most - least + 1))
