import { ecodeHashHex, newestKeyOf, numberHashes, numberHashHex } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { isLuhn, maskNumber, shownNumber } from '../cards/number.ts'
import { BLOCKS, CARD_STATES, type Block, type CardState } from '../core/card.ts'
import type { Amount } from '../core/money.ts'
import type { Presented } from '../core/request.ts'
import type { Database } from '../db/database.ts'
import { gather, oneForEach } from '../db/gather.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { oneOf, type Row } from '../db/sql/row.ts'
import { selectCardsAsShown } from '../db/sql/web-requests.ts'
import { lruMap, type LruMap } from '../engine/lru-map.ts'
import { type CardToken, openToken } from './card-token.ts'
import { presentedCard } from './presented-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import type { WebOffice } from './web-office.ts'

/** How a shop names a card. */
export type CardReference = { readonly number: string; readonly ecode: string } | { readonly token: string }

/** A card as the web's use cases need it. */
export type WebCard = {
  readonly id: number
  readonly issueId: number
  readonly numberHash: string
  readonly numberKey: number
  readonly shown: string
  readonly last4: string
  readonly ecodeHash: string | null
  readonly state: CardState
  readonly block: Block | null
  readonly validUntil: string | null
  readonly soldAt: number | null
  readonly ledger: Amount
  readonly available: Amount
  readonly replacedBy: number | null
}

export const readWebCard = ({ db }: Pick<WebOffice, 'db'>, id: number): Promise<WebCard | null> =>
  cardsOf(db)(String(id))

/** Nearly every call reads a card, so calls of the same moment share one statement. */
const cardsOf = oneForEach(({ use }: Database) =>
  gather(async (ids) => {
    const [rows = []] = await use((connection) => connection.send(selectCardsAsShown(ids.map(Number))))
    return new Map(rows.map(toWebCard).map((card) => [String(card.id), card]))
  }),
)

/** The look-up key of a card, which changes only with a rotation of keys. */
type CardHandle = Pick<WebCard, 'numberHash' | 'numberKey' | 'shown'>

// 50,000 cards of about 200 bytes, twice: 20 MB at most.
const HANDLES = 50_000
const handlesOf = oneForEach<Database, LruMap<CardHandle>>(() => lruMap(HANDLES))

/** Remembered, because a token is used several times. The balance is not: the engine reads it each time. */
async function handleOf({ db, keys }: WebOffice, id: number): Promise<CardHandle | null> {
  const known = handlesOf(db).get(String(id))
  // While numbers are moved, one under the older key may have been moved since.
  if (known !== undefined && known.numberKey >= newestKeyOf(keys())) return known
  const card = await readWebCard({ db }, id)
  if (card === null) return null
  const { numberHash, numberKey, shown } = card
  handlesOf(db).set(String(id), { numberHash, numberKey, shown })
  return card
}

function toWebCard(row: Row): WebCard {
  const [cardId, issueId, hash, numberKey, firstSix, last4, ecode, state, block, validUntil, soldAt, ledger, available,
    replacedBy] = row as [
    number, number, Buffer, number, string, string, Buffer | null, string, string | null, string | null, string | null,
    number, number, number | null,
  ] // prettier-ignore
  return {
    id: cardId,
    issueId,
    numberHash: hash.toString('hex'),
    numberKey,
    shown: shownNumber(firstSix, last4),
    last4,
    ecodeHash: ecode === null ? null : ecode.toString('hex'),
    state: oneOf(CARD_STATES, state),
    block: block === null ? null : oneOf(BLOCKS, block),
    validUntil,
    soldAt: soldAt === null ? null : fromInstant(soldAt),
    ledger,
    available,
    replacedBy,
  }
}

/** The card that is valid now in place of this one: itself, or its latest duplicate. */
export async function standingCard(office: WebOffice, id: number): Promise<WebCard> {
  for (let next = id; ;) {
    const card = await readWebCard(office, next)
    if (card === null) throw new Error(`card ${next} is not in the database`)
    if (card.replacedBy === null) return card
    next = card.replacedBy
  }
}

const NOBODY: Presented = {
  numberHash: '0'.repeat(32),
  otherHash: null,
  newestKey: Number.MAX_SAFE_INTEGER,
  shown: '',
  luhn: false,
  by: 'ecommerce',
  stripe: null,
  ecodeHash: '0'.repeat(32),
  token: { soldAt: null, isGood: false },
}

/** Checks that need no database; the engine decides. */
export async function presentedBy(office: WebOffice, caller: ShopCaller, card: CardReference): Promise<Presented> {
  return 'token' in card ? byToken(office, caller, card.token) : byNumber(office, card)
}

function byNumber(office: WebOffice, card: { readonly number: string; readonly ecode: string }): Presented {
  const keys = office.keys()
  const number = card.number.replace(/[\s-]/gu, '')
  const isNumber = /^\d{12,19}$/u.test(number)
  return {
    ...numberHashes(keys, isNumber ? number : ''),
    shown: isNumber ? maskNumber(number) : '',
    luhn: isNumber && isLuhn(number),
    by: 'ecommerce',
    stripe: null,
    ecodeHash: ecodeHashHex(keys, card.ecode),
  }
}

/** The keyed name by which an unknown number is counted, so that no card number stays in memory. */
export const nameOfGuess = ({ keys }: Pick<WebOffice, 'keys'>, number: string): string =>
  numberHashHex(keys(), number.replace(/[\s-]/gu, ''))

/** Opened ones by their text, since each is used for some calls and opening it takes 10 µs. 5,000 of about 500 bytes, twice: 5 MB. */
const TOKENS = 5_000
const tokensOf = oneForEach<CardKeys['idempotency'], LruMap<CardToken>>(() => lruMap(TOKENS))

function tokenOf(keys: Pick<CardKeys, 'idempotency'>, text: string): CardToken | null {
  const opened = tokensOf(keys.idempotency)
  const known = opened.get(text)
  if (known !== undefined) return known
  const token = openToken(keys, text)
  if (token !== null) opened.set(text, token)
  return token
}

async function byToken(office: WebOffice, { shop }: ShopCaller, text: string): Promise<Presented> {
  const token = tokenOf(office.keys(), text)
  const card = token === null || token.shop !== shop.code ? null : await handleOf(office, token.cardId)
  if (token === null || card === null) return NOBODY
  return {
    ...presentedCard(card),
    by: 'ecommerce',
    ecodeHash: token.ecodeHash,
    token: { soldAt: token.soldAt, isGood: office.clock() < token.expiresAt },
  }
}
