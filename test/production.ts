import { randomBytes } from 'node:crypto'
import { demoKeysOf } from '../src/demo/terminal-keys.ts'
import { demoCards, type DemoCard } from '../src/demo/cards.ts'
import { demoTerminals } from '../src/demo/setting.ts'
import { ecodeHash, numberHash } from '../src/cards/hash.ts'
import {
  deriveCardKeys,
  deriveNumberKeys,
  firstTerminalMaster,
  keyCheckValue,
  type CardKeys,
} from '../src/cards/keys.ts'
import { cardNumber } from '../src/cards/number.ts'
import { sealNumber } from '../src/cards/seal.ts'
import { readSecrets } from '../src/home/secrets.ts'
import { masterKey } from '../src/keys/master-key.ts'
import { openConnection, type Access } from '../src/db/access.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { equipDemo } from '../src/demo/seed-terminals.ts'
import { testDatabase } from './database.ts'

type Production = { readonly access: Access; readonly keys: CardKeys; readonly cards: readonly DemoCard[] }
type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/**
 * A production database with the secrets in `file` (created if missing): stores, terminals, issues and cards of the demo
 * set, stored under these secrets instead of the public ones, and `more` additional sellable cards.
 */
export async function productionDatabase(t: Teardown, file: string, more = 0): Promise<Production> {
  return productionIn(await testDatabase(t), file, more)
}

/** The same in a database of the caller's own, which is migrated and empty. */
export async function productionIn(access: Access, file: string, more = 0): Promise<Production> {
  await seedDemo(access, Date.now())
  const { cardMaster, numberKeys } = await readSecrets(file)
  const secret = numberKeys.get(1) ?? cardMaster
  const keys = deriveCardKeys(cardMaster, deriveNumberKeys(secret))
  const cards = demoCards(keys)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.query("UPDATE installation SET mark = 'production', card_key = ?", [keyCheckValue(cardMaster)])
    await connection.query('UPDATE number_keys SET check_value = ?', [keyCheckValue(secret)])
    for (const { number, ecode, issue, serial } of cards) {
      await connection.query(
        `UPDATE cards SET number_hash = ?, number_sealed = ?, ecode_hash = ?
         WHERE serial = ? AND issue_id = (SELECT id FROM issues WHERE code = ?)`,
        [numberHash(keys, number), sealNumber(keys, number, randomBytes(12)), ecodeHash(keys, ecode), serial, issue],
      )
    }
    const master = masterKey(firstTerminalMaster(cardMaster))
    await equipDemo(access, demoTerminals, (terminal) => demoKeysOf(master, terminal), Date.now())
    if (more > 0) await connection.query(INSERT_CARDS, [moreCards(keys, more)])
  } finally {
    await connection.end()
  }
  return { access, keys, cards }
}

const INSERT_CARDS = `INSERT INTO cards
  (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state) VALUES ?`

// Far from the ids and serials of the demo set.
const FROM = 100_000

const moreCards = (keys: CardKeys, count: number): unknown[][] =>
  Array.from({ length: count }, (_, i) => {
    const number = cardNumber({ prefix: '629910', length: 16, body: FROM + i })
    const [hash, sealed] = [numberHash(keys, number), sealNumber(keys, number, randomBytes(12))]
    return [FROM * 100 + i, 1, FROM + i, hash, sealed, '629910', number.slice(-4), '4912', 0, 'sellable']
  })
