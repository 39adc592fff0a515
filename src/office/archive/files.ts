import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Line } from '../../db/archiving.ts'

/** Identifies a file of the archive: a month has several parts if it is archived in several runs. */
export type Part = { readonly month: string; readonly part: number }

export const nameOf = ({ month, part }: Part): string => `akart-${month}.${part}.jsonl.gz`
export const pathOf = (directory: string, part: Part): string => join(directory, nameOf(part))
/** The name of a file until the database has recorded it. */
export const unfinished = (path: string): string => `${path}.part`

export type Written = {
  readonly sha256: string
  readonly transactions: number
  readonly firstDay: string
  readonly lastDay: string
}

const FORMAT = 1

/** Writes all lines and a closing line to the disk, under the name of an unfinished file. */
export async function writeLines(path: string, part: Part, lots: AsyncIterable<readonly Line[]>): Promise<Written> {
  const seen = { transactions: 0, firstDay: '', lastDay: '' }
  const lines = createHash('sha256')
  async function* texts(): AsyncGenerator<string> {
    yield `${JSON.stringify({ archive: FORMAT, ...part })}\n`
    for await (const lot of lots) {
      const text = lot.map((line) => `${JSON.stringify(line)}\n`).join('')
      for (const { transaction } of lot) {
        const day = String(transaction['business_date'])
        seen.transactions += 1
        if (seen.firstDay === '' || day < seen.firstDay) seen.firstDay = day
        if (day > seen.lastDay) seen.lastDay = day
      }
      lines.update(text)
      yield text
    }
    yield `${JSON.stringify({ end: seen.transactions, sha256: lines.digest('hex') })}\n`
  }
  const file = unfinished(path)
  await pipeline(Readable.from(texts()), createGzip(), createWriteStream(file, { mode: 0o600 }))
  await sync(file)
  // Its name too, before the database records it: a record whose file a power failure took would stop every later run.
  await sync(dirname(file))
  return { ...seen, sha256: await sha256Of(file) }
}

/** Renames an unfinished file to its final name. Does nothing if that is done already. */
export async function finish(path: string, sha256: string): Promise<void> {
  if (await isThere(path)) return
  if ((await sha256Of(unfinished(path))) !== sha256) throw new Error(`${unfinished(path)} is not what was written`)
  await rename(unfinished(path), path)
  await sync(dirname(path))
}

/** The path of a readable file: an interrupted run may have left it under its unfinished name. Null: there is none. */
export async function placeOf(
  directory: string,
  part: Part & { readonly removedAt: number | null },
): Promise<string | null> {
  const path = pathOf(directory, part)
  if (await isThere(path)) return path
  return part.removedAt === null && (await isThere(unfinished(path))) ? unfinished(path) : null
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if ((error as { code?: unknown }).code === 'ENOENT') return false
      throw error
    },
  )

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The file differs from what was written; the text states the difference. */
export class Damaged extends Error {}

/** Lines that are read at a time. */
const LOT = 1_000

/** All lines of a file, lot by lot. @throws Damaged if its closing line is missing or wrong */
export async function* readLines(path: string, part: Part): AsyncGenerator<readonly Line[]> {
  const lines = createHash('sha256')
  let read = 0
  let ended = false
  let lot: Line[] = []
  for await (const [text, number] of textsOf(path)) {
    const value = parsed(text, number)
    if (number === 1) {
      const { archive, month, part: which } = value as { archive?: unknown; month?: unknown; part?: unknown }
      if (archive !== FORMAT || month !== part.month || which !== part.part) {
        throw new Damaged(`line 1 does not say that it is part ${part.part} of ${part.month}`)
      }
    } else if ('end' in value) {
      const { end, sha256 } = value as { end?: unknown; sha256?: unknown }
      if (end !== read || sha256 !== lines.digest('hex'))
        throw new Damaged(`line ${number}: the lines are not all those that were written`)
      ended = true
    } else {
      lines.update(`${text}\n`)
      read += 1
      lot.push(value as unknown as Line)
      if (lot.length === LOT) {
        yield lot
        lot = []
      }
    }
  }
  if (lot.length > 0) yield lot
  if (!ended) throw new Damaged('it has no end')
}

function parsed(text: string, number: number): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new Damaged(`line ${number} is no JSON`)
  }
}

async function* textsOf(path: string): AsyncGenerator<readonly [text: string, number: number]> {
  const source = createReadStream(path)
  const text = createGunzip()
  source.on('error', (error) => text.destroy(error))
  source.pipe(text)
  let rest = ''
  let number = 0
  const decoder = new TextDecoder()
  for await (const chunk of text) {
    const all = rest + decoder.decode(chunk as Buffer, { stream: true })
    const lines = all.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      number += 1
      yield [line, number]
    }
  }
  if (rest !== '') throw new Damaged(`line ${number + 1} is cut`)
}
