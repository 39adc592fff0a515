import { createHash } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { ReadableStream } from 'node:stream/web'
import type { Encrypter } from 'age-encryption'
import { stringify } from 'csv-stringify/sync'
import type { PublicKey } from 'openpgp'
import { cellsOf, fixedLine, type MakerLayout, type PrintedCard } from '../cards/maker-layout.ts'
import type { CardKeys } from '../cards/keys.ts'
import type { FileFacts } from '../db/sql/exports.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** The recipient that a file is encrypted for, with its key read. */
export type Envelope =
  | { readonly kind: 'none'; readonly to: null }
  | { readonly kind: 'age'; readonly to: string; readonly encrypter: Encrypter }
  | { readonly kind: 'openpgp'; readonly to: string; readonly key: PublicKey }

/** The recipient that a maker's file is encrypted for. */
export async function envelopeOf({ name, encryption, publicKey }: MakerLayout): Promise<Envelope | Refused> {
  if (encryption === 'none' || publicKey === null) return { kind: 'none', to: null }
  try {
    if (encryption === 'age') {
      const { Encrypter } = await import('age-encryption')
      const encrypter = new Encrypter()
      encrypter.addRecipient(publicKey.trim())
      return { kind: 'age', to: publicKey.trim().slice(0, 100), encrypter }
    }
    const { readKey } = await import('openpgp')
    const key = await readKey({ armoredKey: publicKey })
    await key.getEncryptionKey() // expired, revoked, or for signing only
    return { kind: 'openpgp', to: key.getFingerprint().toUpperCase(), key }
  } catch (error) {
    return refused('wrong_maker_key', { maker: name, encryption, why: messageOf(error) })
  }
}

/**
 * Writes a maker's file, lot by lot: memory does not grow with the issue. It appears under its name when it is whole and
 * on the disk; until then it is FILE.part, readable by its owner only.
 */
export async function writeMakerFile(
  file: string,
  { keys, layout, envelope }: MakerFileParts,
  lots: AsyncIterable<readonly PrintedCard[]>,
): Promise<FileFacts | Refused> {
  const part = `${file}.part`
  const handle = await open(part, 'w', 0o600).catch((error: unknown) =>
    refused('file_not_written', { file: part, why: messageOf(error) }),
  )
  if (isRefused(handle)) return handle
  let facts: FileFacts = { cards: 0, bytes: 0, sha256: '' }
  try {
    const pieces = makerFile({ keys, layout, envelope }, lots, (whole) => {
      facts = whole
      return Promise.resolve()
    })
    for await (const piece of pieces) await handle.appendFile(piece)
    await handle.sync()
    await handle.close()
  } catch (error) {
    // A file with whole card numbers must not be left behind. Only a kill leaves it, readable by its owner.
    await handle.close()
    await rm(part, { force: true })
    throw error
  }
  await rename(part, file)
  return facts
}

export type MakerFileParts = {
  readonly keys: CardKeys
  readonly layout: MakerLayout
  readonly envelope: Envelope
}

/** A maker's file, piece by piece. `onWhole` gets its facts before the last piece is given out. */
export async function* makerFile(
  { keys, layout, envelope }: MakerFileParts,
  lots: AsyncIterable<readonly PrintedCard[]>,
  onWhole: (facts: FileFacts) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let cards = 0
  let bytes = 0
  async function* counted(): AsyncGenerator<readonly PrintedCard[]> {
    for await (const lot of lots) {
      cards += lot.length
      yield lot
    }
  }
  let last: Uint8Array | null = null
  for await (const piece of await sealed(envelope, ReadableStream.from(pieces(keys, layout, counted())))) {
    hash.update(piece)
    bytes += piece.length
    if (last !== null) yield last
    last = piece
  }
  await onWhole({ cards, bytes, sha256: hash.digest('hex') })
  if (last !== null) yield last
}

/** Null: there is no such file. An export never writes over another file. */
export async function againstFile(file: string): Promise<Refused | null> {
  const there = await stat(file).catch(() => null) // not there, or to be told when it is written
  return there === null ? null : refused('file_there', { file })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function* pieces(
  keys: CardKeys,
  layout: MakerLayout,
  lots: AsyncIterable<readonly PrintedCard[]>,
): AsyncGenerator<Uint8Array> {
  const end = layout.lineEnd === 'crlf' ? '\r\n' : '\n'
  const names = layout.columns.map(({ column }) => column)
  const csv = (rows: readonly (readonly string[])[]): string =>
    stringify(rows as string[][], { delimiter: layout.separator, record_delimiter: end })
  const fixed = (rows: readonly (readonly string[])[]): string =>
    rows.map((row) => fixedLine(layout, row) + end).join('')
  const lines = layout.format === 'csv' ? csv : fixed
  if (layout.header) yield Buffer.from(lines([names]))
  for await (const lot of lots) yield Buffer.from(lines(lot.map((card) => cellsOf(keys, layout, card))))
}

async function sealed(envelope: Envelope, clear: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  switch (envelope.kind) {
    case 'none':
      return clear
    case 'age':
      return (await envelope.encrypter.encrypt(clear as never)) as never
    case 'openpgp': {
      const { createMessage, encrypt } = await import('openpgp')
      const message = await createMessage({ binary: clear as never })
      return (await encrypt({ message, encryptionKeys: envelope.key, format: 'binary' })) as never
    }
  }
}
