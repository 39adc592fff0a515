import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DemoCard } from '../src/demo/cards.ts'

/** Bytes that must be nowhere, and what to call them where they are. */
export type Canary = { readonly name: string; readonly bytes: Buffer }

const text = (name: string, value: string): Canary => ({ name, bytes: Buffer.from(value, 'latin1') })

/** Digits as `iso87-bcd` has them, and as a BIGINT lies in an InnoDB page (big-endian, its sign flipped). */
function numberCanaries(number: string): Canary[] {
  const bigint = Buffer.alloc(8)
  bigint.writeBigUInt64BE(BigInt(number) ^ (1n << 63n))
  return [
    text('number', number),
    text('number in hex', Buffer.from(number).toString('hex')),
    text('number in groups', number.replace(/(\d{4})(?=\d)/gu, '$1 ')),
    { name: 'number in BCD', bytes: Buffer.from(number, 'hex') },
    { name: 'number as BIGINT', bytes: bigint },
  ]
}

/** Everything on the plastic that a thief could print another one from. */
export function cardCanaries({ number, track1, track2, ecode }: DemoCard): Canary[] {
  const behind = track2.slice(number.length + 1)
  const discretionary = behind.slice(7)
  return [
    ...numberCanaries(number),
    text('track 1', track1),
    text('track 2', track2),
    text('discretionary data', discretionary),
    { name: 'discretionary data in BCD', bytes: Buffer.from(discretionary, 'hex') },
    text('eCode', ecode),
    text('eCode without hyphens', ecode.replaceAll('-', '')),
    text('eCode in hex', Buffer.from(ecode.replaceAll('-', '')).toString('hex')),
  ]
}

export const keyCanaries = (name: string, key: Buffer): Canary[] => [
  { name, bytes: key },
  text(`${name} in hex`, key.toString('hex')),
  text(`${name} in capital hex`, key.toString('hex').toUpperCase()),
  text(`${name} in base64`, key.toString('base64')),
]

/** `file holds number in BCD`, for each canary in each file under a directory but those that `allowed` names. */
export async function findCanaries(
  directory: string,
  canaries: readonly Canary[],
  allowed: readonly string[] = [],
): Promise<{ readonly files: number; readonly found: readonly string[] }> {
  const found: string[] = []
  let files = 0
  for (const name of await readdir(directory, { recursive: true })) {
    const file = join(directory, name)
    if (allowed.includes(name) || !(await stat(file)).isFile()) continue
    files += 1
    const content = await readFile(file)
    for (const canary of canaries) if (content.includes(canary.bytes)) found.push(`${name} holds ${canary.name}`)
  }
  return { files, found }
}
