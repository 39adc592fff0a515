/** Gives terminals MAC session keys on request (0800 with DE 70 161; docs/spec/terminal.md, section 7). */

import { randomBytes } from 'node:crypto'
import { checkValue } from '../keys/check-value.ts'
import { newSessionKey, sessionBlock } from '../keys/session-key.ts'
import { wrapForStorage } from '../keys/stored-key.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { changeKeys, changing, type KeyPlan } from '../db/key-changes.ts'
import { type KeyExchangeRecord, lockExchange, toExchange, writeExchange } from '../db/sql/key-exchanges.ts'
import {
  deleteKeys,
  endOlder,
  insertKey,
  selectKeysOf,
  setUsed,
  type StoredKey,
  toStoredKey,
} from '../db/sql/terminal-keys.ts'
import type { MacKeyBook } from '../switch/mac-verifier.ts'
import { GRACE, surplus } from '../switch/mac-keys.ts'
import type { Exchanged, ExchangeKey, ExchangeStamp } from '../switch/network.ts'
import type { KeyCache } from './key-cache.ts'
import type { MasterKeyring } from './master-keyring.ts'

export type KeyExchange = {
  readonly book: MacKeyBook
  readonly exchange: ExchangeKey
  readonly stop: () => Promise<void>
}

/** The switch's own name in the table of key changes. */
const SWITCH = 'switch'

/** A terminal asks about once a day; one that asks all the time is faulty or an impostor. */
const EXCHANGES_PER_HOUR = 10
const HOUR_MS = 3_600_000

/** Negative: `one` is earlier than `other`. DE 7 is compared first, because STANs start again each day or sooner. */
const orderOf = (one: ExchangeStamp, other: ExchangeStamp): number =>
  one.transmitted - other.transmitted || one.stan - other.stan

type Books = { readonly keys: KeyCache; readonly masters: MasterKeyring }

/** A new key with the rows to write, or an answer without a new key. Null: this terminal cannot have one. */
function planExchange(
  { terminal, mac, inUse, stamp, now }: Parameters<ExchangeKey>[0],
  id: number,
  rows: readonly StoredKey[],
  last: KeyExchangeRecord | null,
  { keys, masters }: Books,
): { readonly plan: KeyPlan<string> } | { readonly answered: Exchanged } | null {
  const kbpk = rows.find(({ purpose }) => purpose === 'kbpk')
  if (kbpk === undefined) return null
  if (last !== null && orderOf(stamp, last) <= 0) {
    const given = orderOf(stamp, last) === 0 ? rows.find((row) => row.id === last.keyId) : undefined
    if (given === undefined) return { answered: { refused: 'key_reused' } }
    return { answered: { keyBlock: sessionBlock(mac, keys.open(kbpk), keys.open(given), randomBytes) } }
  }
  const hour = last !== null && now < last.hourBegan + HOUR_MS ? last : { hourBegan: now, number: 0 }
  if (hour.number >= EXCHANGES_PER_HOUR) return { answered: { refused: 'exceeds_count_limit' } }
  const made = newSessionKey(mac, inUse.bytes.length, keys.open(kbpk), randomBytes)
  if (made === null) return null
  const place = { terminal, purpose: 'session', algorithm: made.key.algorithm } as const
  const value = checkValue(made.key)
  const master = masters.newest()
  const wrapped = wrapForStorage(master, place, made.key, randomBytes)
  const old = surplus(keys.macKeysIn(rows), inUse.id, now)
  const exchange = { ...stamp, keyId: id, hourBegan: hour.hourBegan, number: hour.number + 1 }
  return {
    plan: {
      change: { who: SWITCH, action: 'exchanged', terminal, purpose: 'session', checkValue: value, note: '' },
      writes: [
        ...(old.length === 0 ? [] : [deleteKeys(old)]),
        insertKey(id, { ...place, checkValue: value, master: master.id, wrapped }),
        writeExchange(terminal, exchange),
      ],
      result: made.block,
    },
  }
}

/** Hands out MAC session keys and records their first use; everything is committed when it returns. */
export function createKeyExchange(
  access: Access,
  keys: KeyCache,
  masters: MasterKeyring,
  trouble: (error: unknown) => void,
): KeyExchange {
  const connection = workerConnection(access)
  const turns = takeTurns()

  const recordUse = (terminal: string, key: number, now: number): Promise<true | null> =>
    changeKeys(connection, terminal, now, (_id, rows) => {
      const row = rows.find(({ id, usedAt }) => id === key && usedAt === null)
      if (row === undefined) return null
      const { purpose, checkValue } = row
      return {
        change: { who: SWITCH, action: 'used', terminal, purpose, checkValue, note: '' },
        writes: [setUsed(key, now), endOlder(terminal, key, now + GRACE)],
        result: true,
      }
    })

  const handOut: ExchangeKey = async (asked) => {
    const { terminal, now } = asked
    // An answer without a change: the transaction is rolled back.
    let answered: Exchanged | null = null
    const select = `${selectKeysOf([terminal])};${lockExchange(terminal)}`
    const block = await changing(connection, select, now, (id, [found = [], exchanges = []]) => {
      const [last = null] = exchanges.map(toExchange)
      const planned = planExchange(asked, id, found.map(toStoredKey), last, { keys, masters })
      answered = planned !== null && 'answered' in planned ? planned.answered : null
      return planned !== null && 'plan' in planned ? planned.plan : null
    })
    return block === null ? answered : { keyBlock: block }
  }

  return {
    book: {
      keysOf: keys.macKeysOf,
      async reread(terminal) {
        // Only a terminal that can ask for keys can have one that this process has not heard of a second later.
        if (keys.has(terminal, 'kbpk')) await keys.reread(terminal).catch(trouble)
      },
      async used(terminal, key, now) {
        // Should it fail, the older keys are good for somewhat longer: the next message tries again.
        await turns
          .run(() => recordUse(terminal, key.id, now))
          .then(() => keys.reread(terminal))
          .catch(trouble)
      },
    },
    async exchange(asked) {
      if (!keys.has(asked.terminal, 'kbpk')) return null
      try {
        const block = await turns.run(() => handOut(asked))
        await keys.reread(asked.terminal)
        return block
      } catch (error) {
        trouble(error)
        throw error
      }
    },
    async stop() {
      await turns.done()
      await connection.close()
    },
  }
}

/** Each work begins when the one before has ended, however it ended. */
function takeTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run<T>(work: () => Promise<T>): Promise<T> {
      const done = last.then(work)
      last = done.catch(() => undefined) // the caller gets the error
      return done
    },
    done: () => last,
  }
}
