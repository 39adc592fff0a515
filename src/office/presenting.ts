import { randomBytes } from 'node:crypto'
import { checkValueMatches } from '../cards/check-value.ts'
import { isEcode } from '../cards/ecode.ts'
import { ecodeHashHex } from '../cards/hash.ts'
import { parseTrack1, parseTrack2, type Stripe } from '../cards/track.ts'
import { insertHandle, insertPresented, selectHandle, toHandle, type HandleRow } from '../db/sql/session-handles.ts'
import { readNumber } from './card-name.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import type { Session } from './sessions.ts'

/** A typed, scanned or swiped card; only keyed hashes are kept. */
export type Read = HandleRow & { readonly withSecret: boolean }

/** A whole number, a barcode, a stripe or an eCode; null: it is none. */
export function readPresented({ keys }: Pick<Office, 'keys'>, text: string): Read | null {
  const stripe = stripeOf(text.trim())
  const number = readNumber(keys(), stripe?.number ?? text, '')
  if (!isRefused(number)) {
    const withSecret = stripe !== null && checkValueMatches(keys(), stripe, stripe.checkValue)
    return { kind: 'number', hash: number.numberHash, otherHash: number.otherHash, shown: number.shown, withSecret }
  }
  if (!isEcode(text)) return null
  return { kind: 'ecode', hash: ecodeHashHex(keys(), text), otherHash: null, shown: '', withSecret: true }
}

/** With or without sentinels, as keyboards type what a reader gives; of a reader that gives both tracks they agree. */
function stripeOf(text: string): Stripe | null {
  const both = /^(%[^?]*\?)(;[^?]*\?)$/u.exec(text)
  if (both === null) return trackOf(text)
  const [first, second] = [trackOf(both[1] ?? ''), trackOf(both[2] ?? '')]
  return first?.number === second?.number ? second : null
}

function trackOf(text: string): Stripe | null {
  const bare = /^[;%](.*)\?.?$/u.exec(text)?.[1] ?? text
  const read = bare.includes('^') ? parseTrack1(bare) : parseTrack2(bare)
  return read === 'not_a_track' ? null : read
}

/** A handle of the reading, for URLs of this session. */
export async function handleOf(office: Pick<Office, 'db'>, session: Pick<Session, 'id'>, read: Read): Promise<string> {
  const handle = `h_${randomBytes(16).toString('base64url')}`
  await office.db.use((connection) => connection.send(insertHandle(handle, session.id, read)))
  return handle
}

export async function handleNamed(
  office: Pick<Office, 'db'>,
  session: Pick<Session, 'id'>,
  handle: string,
): Promise<HandleRow | Refused> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectHandle(handle, session.id)))
  return row === undefined ? refused('no_such_handle') : toHandle(row)
}

export const hashesOf = ({ hash, otherHash }: Pick<HandleRow, 'hash' | 'otherHash'>): string[] =>
  otherHash === null ? [hash] : [hash, otherHash]

/** From now on the card lies before this person, as far as this session goes. */
export const notePresented = async (
  office: Pick<Office, 'db'>,
  session: Pick<Session, 'id'>,
  cardId: number,
  withSecret: boolean,
): Promise<void> =>
  void (await office.db.use((connection) => connection.send(insertPresented(session.id, cardId, withSecret))))
