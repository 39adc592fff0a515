import { KIND } from '../core/key.ts'
import type { OperationAsk, Request } from '../core/request.ts'
import { isApproved } from '../core/result.ts'
import { currencyOf } from '../core/currency.ts'
import { approvalCodeOf } from '../messages/approval-code.ts'
import { webReference } from '../cards/web-key.ts'
import { type ReadNumber, readNumber, THE_CARD } from './card-name.ts'
import { dateIn } from './clock.ts'
import type { KioskRecord } from './kiosks.ts'
import { isRefused } from './refusal.ts'
import { readWebCard } from './shop-card.ts'
import type { WebOffice } from './web-office.ts'

/** The answer of a price checker, with a masked number. */
export type KioskAnswer =
  | { readonly said: 'unknown' | 'busy' }
  | {
      readonly said: 'balance'
      readonly last4: string
      readonly state: 'active' | 'blocked' | 'expired'
      readonly available: number
      readonly currency: string
      /** YYYY-MM-DD; null: no last day. */
      readonly validUntil: string | null
    }

/** Balance inquiry, entry by barcode (docs/spec/terminal.md: DE 3 and DE 22). */
const PROCESSING_CODE = '310000'
const BY_BARCODE = '032'
const BUSY: ReadonlySet<string> = new Set(['overloaded', 'malfunction'])

/** A scanned or typed number at a price checker: a balance inquiry of a terminal of its store, under all the switch's rules. */
export async function askAtKiosk(office: WebOffice, kiosk: KioskRecord, number: string): Promise<KioskAnswer> {
  const terminal = office.registry().terminals.get(kiosk.code)
  const read = readNumber(office.keys(), number, THE_CARD)
  if (isRefused(read) || terminal?.active !== true) return { said: 'unknown' }
  const { row, result } = await office.submit(inquiryOf(office, kiosk, read))
  if (!isApproved(result) || row === null || row.cardId === null || row.balances === null) {
    return { said: BUSY.has(result) ? 'busy' : 'unknown' }
  }
  const card = await readWebCard(office, row.cardId)
  if (card === null) throw new Error(`card ${row.cardId} was asked about and is not in the database`)
  const isExpired = card.state === 'expired' || (card.validUntil !== null && row.businessDate > card.validUntil)
  return {
    said: 'balance',
    last4: card.last4,
    state: isExpired ? 'expired' : card.block === null ? 'active' : 'blocked',
    available: row.balances.available,
    currency: currencyOf(row.balances.currency).letters,
    validUntil: card.validUntil,
  }
}

function inquiryOf(office: WebOffice, { code, store }: KioskRecord, read: ReadNumber): Request {
  const id = office.nextId()
  const at = office.clock()
  const zone = office.registry().stores.get(store)?.timeZone ?? office.timeZone
  const today = dateIn(zone, at)
  const ask: OperationAsk = {
    act: 'operation',
    operation: 'balance',
    presented: { ...read, luhn: true, by: 'barcode', stripe: null, ecodeHash: null },
    nominal: false,
    amount: null,
    currency: null,
    contra: null,
    partial: false,
    ontoNew: false,
    block: null,
    successor: null,
    receipt: null,
    office: null,
  }
  return {
    id,
    spareId: office.nextId(),
    key: { store, terminal: code, kind: KIND.inquiry, stan: 0, transmitted: id },
    content: '0'.repeat(32),
    requester: { channel: 'kiosk', who: null },
    source: code,
    at,
    today,
    businessDate: today,
    confirmation: 'none',
    confirmTimeoutMs: 0,
    lateConfirmWindowMs: 0,
    cancelWindowMs: null,
    labels: {
      processingCode: PROCESSING_CODE,
      localTime: '',
      rrn: webReference(id),
      approvalCode: approvalCodeOf(id),
      entryMode: BY_BARCODE,
      amount: null,
      currency: null,
      echo: null,
      line: 'kiosk',
      trace: `kiosk-${id}`,
    },
    ask,
    attached: [],
  }
}
