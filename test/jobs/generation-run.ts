import { fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { CardKeys } from '../../src/cards/keys.ts'
import { isLuhn } from '../../src/cards/number.ts'
import { numberHashHex } from '../../src/cards/hash.ts'
import { openNumber } from '../../src/cards/seal.ts'
import { toUrl, type Access } from '../../src/db/access.ts'

const PROCESS = fileURLToPath(new URL('generator.js', import.meta.url))
/** Cards of one transaction; two more lots than `every` says may be made before each kill. */
const LOT = 1_000

/**
 * Starts processes that make cards and kills them repeatedly until the jobs are done; returns the number of kills. It kills
 * by progress, not by time: after every `every` cards, whatever the speed of the machine.
 */
export async function killUntilDone(
  access: Access,
  connection: Connection,
  { kills, every, together }: { kills: number; every: () => number; together: number },
): Promise<number> {
  let killed = 0
  for (;;) {
    const enough = killed < kills ? (await made(connection)) + every() : Infinity
    // One more lot, so that it is killed while it makes it.
    const most = enough === Infinity ? [] : [String(enough + LOT)]
    const children = Array.from({ length: together }, () => fork(PROCESS, [toUrl(access), ...most], { execArgv: [] }))
    while ((await made(connection)) < enough && (await open(connection)) > 0) await sleep(2)
    const left = await open(connection)
    for (const child of children) {
      const gone = once(child, 'exit')
      if (left > 0) child.kill('SIGKILL')
      else child.disconnect()
      await gone
    }
    if (left === 0) return killed
    killed++
    // The leases of dead processes are not waited for here.
    await connection.query("UPDATE jobs SET lease_until = '2020-01-01' WHERE state = 'running'")
  }
}

async function made(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT COALESCE(SUM(done), 0) AS n FROM jobs')
  return Number(rows[0]?.['n'])
}

async function open(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM jobs WHERE open_for IS NOT NULL')
  return Number(rows[0]?.['n'])
}

/** The faults of an issue's cards: missing or duplicate serials, numbers that differ from their stored form. */
export async function faultsOf(
  connection: Connection,
  keys: CardKeys,
  about: { code: string; prefix: string; length: number; count: number },
): Promise<{ faults: string[]; numbers: string[] }> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = ? ORDER BY c.serial',
    [about.code],
  )
  const faults = rows.length === about.count ? [] : [`${rows.length} cards instead of ${about.count}`]
  const numbers = rows.map((row, i) => {
    const number = openNumber(keys, row['number_sealed'] as Buffer)
    const isRight =
      row['serial'] === i + 1 &&
      isLuhn(number) &&
      number.length === about.length &&
      number.startsWith(about.prefix) &&
      numberHashHex(keys, number) === (row['number_hash'] as Buffer).toString('hex') &&
      row['first_six'] === number.slice(0, 6) &&
      row['last_four'] === number.slice(-4)
    if (!isRight) faults.push(`card ${String(row['serial'])} is wrong`)
    return number
  })
  if (new Set(numbers).size !== numbers.length) faults.push('a number is there twice')
  return { faults, numbers }
}

export const someCards = (from: number, to: number) => (): number => randomInt(from, to)
