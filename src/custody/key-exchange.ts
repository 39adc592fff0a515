import { randomBytes } from 'node:crypto'
import { checkValue } from '../keys/check-value.ts'
import { newSessionKey } from '../keys/session-key.ts'
import { wrapForStorage } from '../keys/stored-key.ts'
import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { changeKeys } from '../db/key-changes.ts'
import { deleteKeys, endOlder, insertKey, setUsed } from '../db/sql/terminal-keys.ts'
import type { MacKeyBook } from '../switch/mac-verifier.ts'
import { GRACE, surplus } from '../switch/mac-keys.ts'
import type { ExchangeKey } from '../switch/network.ts'
import type { KeyCache } from './key-cache.ts'
import type { MasterKeyring } from './master-keyring.ts'

export type KeyExchange = {
  readonly book: MacKeyBook
  readonly exchange: ExchangeKey
  readonly stop: () => Promise<void>
}

/** What the switch itself is called in the table of changes. */
const SWITCH = 'switch'

/** Hands out MAC session keys and records their first use; everything is committed when it returns. */
export function createKeyExchange(
  access: Access,
  keys: KeyCache,
  masters: MasterKeyring,
  trouble: (error: unknown) => void,
): KeyExchange {
  const connection = workerConnection(access)
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined) // told to whoever asked
    return done
  }

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

  const handOut: ExchangeKey = ({ terminal, mac, inUse, now }) =>
    changeKeys(connection, terminal, now, (id, rows) => {
      const kbpk = rows.find(({ purpose }) => purpose === 'kbpk')
      const made = kbpk === undefined ? null : newSessionKey(mac, inUse.bytes.length, keys.open(kbpk), randomBytes)
      if (made === null) return null
      const place = { terminal, purpose: 'session', algorithm: made.key.algorithm } as const
      const value = checkValue(made.key)
      const master = masters.newest()
      const wrapped = wrapForStorage(master, place, made.key, randomBytes)
      const old = surplus(keys.macKeysIn(rows), inUse.id, now)
      return {
        change: { who: SWITCH, action: 'exchanged', terminal, purpose: 'session', checkValue: value, note: '' },
        writes: [
          ...(old.length === 0 ? [] : [deleteKeys(old)]),
          insertKey(id, { ...place, checkValue: value, master: master.id, wrapped }),
        ],
        result: made.block,
      }
    })

  return {
    book: {
      keysOf: keys.macKeysOf,
      async reread(terminal) {
        // Only a terminal that can ask for keys can have one that this process has not heard of a second later.
        if (keys.has(terminal, 'kbpk')) await keys.reread(terminal).catch(trouble)
      },
      async used(terminal, key, now) {
        // Should it fail, the older keys are good for somewhat longer: the next message tries again.
        await inTurn(() => recordUse(terminal, key.id, now))
          .then(() => keys.reread(terminal))
          .catch(trouble)
      },
    },
    async exchange(asked) {
      if (!keys.has(asked.terminal, 'kbpk')) return null
      try {
        const block = await inTurn(() => handOut(asked))
        await keys.reread(asked.terminal)
        return block
      } catch (error) {
        trouble(error)
        throw error
      }
    },
    async stop() {
      await last
      await connection.close()
    },
  }
}
