import { createHash } from 'node:crypto'
import { demoApiKeys, demoShops } from './shops.ts'
import type { Access } from '../db/access.ts'
import { takeIds } from '../db/ids.ts'
import { insertApiKey, insertShop, selectApiKeysOf, selectShop } from '../db/sql/shops.ts'
import { unitOfWork } from '../db/unit-of-work.ts'

const BY = 'demo'
const NO_LIMITS = { loadsAnHour: null, loadsADay: null, returnsAnHour: null, returnsADay: null }

/** The shops of the demo with their keys, where they are missing: an older demo database gets them at its next start. */
export async function equipDemoShops(access: Access, now: number): Promise<void> {
  const firstId = await takeIds(access, 'row', demoApiKeys.length)
  await unitOfWork(access, async (connection) => {
    for (const { code, name, store } of demoShops) {
      const [[there] = []] = await connection.send(selectShop(code))
      if (there !== undefined) continue
      const shop = {
        code,
        name,
        store,
        state: 'open',
        confirmWithinSeconds: 900,
        cancelDays: 30,
        limits: NO_LIMITS,
      } as const
      await connection.send(insertShop(shop, now, BY))
    }
    for (const [i, { key, ...rest }] of demoApiKeys.entries()) {
      const [rows = []] = await connection.send(selectApiKeysOf(rest.shop))
      const digest = createHash('sha256').update(key).digest('hex')
      if (rows.some((row) => (row[4] as Buffer).toString('hex') === digest)) continue
      const never = { networks: [], expiresAt: null, revokedAt: null, waiting: false, createdAt: now, createdBy: BY }
      await connection.send(insertApiKey({ ...rest, ...never, id: firstId + i, digest, ending: key.slice(-4) }))
    }
  })
}
