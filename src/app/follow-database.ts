import { createKeyExchange } from '../custody/key-exchange.ts'
import { openKeyCache } from '../custody/key-cache.ts'
import { createTrackDecryptor } from '../custody/track-decryptor.ts'
import { followDatabaseClock } from '../db/clock.ts'
import { createIds } from '../db/ids.ts'
import { keepRegistry } from '../db/registry.ts'
import { openUpstreamBooks } from '../db/upstream-books.ts'
import { keepCardKeys } from './card-keys.ts'
import type { Start } from './start.ts'

/** The data of the database that a process keeps in memory and up to date: registry, clock, blocks of ids, keys. */
export async function followDatabase({ access, config, keys, reloadKeys, masters, log, trouble, keep }: Start) {
  await openUpstreamBooks(
    access,
    config.upstreams.map(({ name }) => name),
  )
  const registry = keep(await keepRegistry(access, trouble('the registry could not be read')))
  const clock = keep(
    await followDatabaseClock(
      access,
      (ms) => log.warn('the clock of the database was set: deadlines go on by the monotonic clock', { ms }),
      trouble('the clock of the database could not be read'),
    ),
  )
  const ids = keep(await createIds(access, trouble('no new block of ids could be taken')))
  const stans = keep(await createIds(access, trouble('no new block of trace numbers could be taken'), 'stan'))
  const cardKeys = keep(keepCardKeys(access, keys, reloadKeys, trouble('the PAN keys could not be read')))
  const terminalKeys = keep(await openKeyCache(access, masters, trouble('the keys of terminals could not be read')))
  return {
    registry,
    clock,
    nextId: ids.next,
    nextTraceNumber: stans.next,
    cardKeys,
    keyExchange: keep(createKeyExchange(access, terminalKeys, masters, trouble('a change of terminal keys failed'))),
    tracks: keep(
      createTrackDecryptor(access, terminalKeys, trouble('the keys that PIN pads used could not be looked up')),
    ),
  }
}

export type Followed = Awaited<ReturnType<typeof followDatabase>>
