import { readdir } from 'node:fs/promises'
import type { MakerLayout } from '../cards/maker-layout.ts'
import {
  decideMakerKeyRow,
  insertMakerKey,
  lockOpenMakerKey,
  type MakerKey,
  selectMakerKeys,
  selectOpenMakerKeys,
  toMakerKey,
} from '../db/sql/maker-keys.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { envelopeOf } from './maker-files.ts'
import { readMaker } from './maker-layouts.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { MakerKey }

export type Maker = {
  readonly name: string
  readonly layout: MakerLayout | Refused
  /** Two people have set it; what AkartMenu hands out is encrypted to it. */
  readonly key: MakerKey | null
  /** Another one that waits for a second person. */
  readonly proposed: MakerKey | null
}

/** The existing layouts and the makers' keys. */
export async function listMakers(office: Office, actor: Actor): Promise<readonly Maker[] | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const files = await Promise.all(office.makers.map((place) => readdir(place).catch(() => [])))
  const names = new Set(files.flat().flatMap((file) => /^([a-z0-9][a-z0-9-]{0,39})\.yaml$/u.exec(file)?.[1] ?? []))
  const [keys = [], open = []] = await office.db.use((connection) =>
    connection.send(`${selectMakerKeys};${selectOpenMakerKeys}`),
  )
  const of = (rows: readonly MakerKey[], name: string): MakerKey | null =>
    rows.find(({ maker }) => maker === name) ?? null
  const [inForce, proposed] = [keys.map(toMakerKey), open.map(toMakerKey)]
  return Promise.all(
    [...names].toSorted().map(async (name) => ({
      name,
      layout: await readMaker(office, name),
      key: of(inForce, name),
      proposed: of(proposed, name),
    })),
  )
}

/** The keys in force, by maker. */
export async function makerKeys({ db }: Pick<Office, 'db'>): Promise<ReadonlyMap<string, MakerKey>> {
  const [rows = []] = await db.use((connection) => connection.send(selectMakerKeys))
  return new Map(rows.map(toMakerKey).map((key) => [key.maker, key]))
}

export type MakerKeyInput = { readonly maker: string; readonly publicKey: string; readonly reason: string }

/** One person proposes the key that a maker's files are encrypted to from now on. Returns the number of the proposal. */
export async function proposeMakerKey(
  office: Office,
  actor: Actor,
  { maker, publicKey, reason }: MakerKeyInput,
): Promise<number | Refused> {
  const no = mayDo(actor, 'issues.export')
  if (no !== null) return no
  const layout = await readMaker(office, maker)
  if (isRefused(layout)) return layout
  const encryption = publicKey.trim().startsWith('age1') ? 'age' : 'openpgp'
  const envelope = await envelopeOf({ ...layout, encryption, publicKey: publicKey.trim() })
  if (isRefused(envelope)) return envelope
  const [id, at] = [office.nextId(), office.clock()]
  const recipient = envelope.to ?? ''
  return inTransaction(office, async (connection) => {
    const [open = []] = await connection.send(selectOpenMakerKeys)
    const other = open.map(toMakerKey).find((one) => one.maker === maker)
    if (other !== undefined) return refused('already_proposed', { who: other.proposedBy })
    const row = { id, maker, encryption, publicKey: publicKey.trim(), recipient, reason } as const
    await connection.send(insertMakerKey({ ...row, proposedBy: actor.login, proposedAt: at }))
    await putOnRecord(connection, office, actor, at, {
      action: 'makers.key.propose',
      object: { kind: 'maker', id: maker },
      details: { proposal: id, recipient, reason },
    })
    return id
  })
}

export async function openMakerKeyProposals({ db }: Pick<Office, 'db'>): Promise<readonly MakerKey[]> {
  const [rows = []] = await db.use((connection) => connection.send(selectOpenMakerKeys))
  return rows.map(toMakerKey)
}

/** A second person sets or refuses it; the proposer may withdraw it. */
export const decideMakerKey = (
  office: Office,
  actor: Actor,
  { id, approve, reason }: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<MakerKey | Refused> =>
  inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockOpenMakerKey(id))
    if (row === undefined) return refused('no_such_approval', { id })
    const key = toMakerKey(row)
    const own = isSamePerson(actor, key.proposedBy)
    const no = own && !approve ? null : mayDo(actor, 'changes.approve')
    if (no !== null) return no
    if (own && approve) return refused('own_request', { who: actor.login })
    const at = office.clock()
    await connection.send(decideMakerKeyRow(id, actor.login, at, approve))
    await putOnRecord(connection, office, actor, at, {
      action: `makers.key.${approve ? 'approve' : 'refuse'}`,
      object: { kind: 'maker', id: key.maker },
      details: { proposal: id, by: key.proposedBy, recipient: key.recipient, reason },
    })
    return key
  })
