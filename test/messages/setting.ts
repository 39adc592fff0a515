import { isLuhn, maskNumber } from '../../src/cards/number.ts'
import type { Message } from '../../src/iso8583/message.ts'
import type { CardReader } from '../../src/messages/presented.ts'
import { readMessage } from '../../src/messages/read.ts'
import { type Circumstances, toRequest } from '../../src/messages/to-request.ts'
import type { Request } from '../../src/core/request.ts'

/** The evening of the example in docs/spec/terminal.md, section 9. */
export const NOW = Date.UTC(2026, 10, 22, 17, 30, 5)

const named: CardReader['number'] = (number) => ({
  numberHash: `hash of ${number}`,
  otherHash: null,
  newestKey: 1,
  luhn: isLuhn(number),
  shown: maskNumber(number),
})

/** Reads `NUMBER=YYMM…`, has no secret, and names a hash after its card; a stripe that ends in 9 is not genuine. */
export const READER: CardReader = {
  stripe(track, text) {
    const [number = '', rest] = text.split(track === 2 ? /[=D]/ : '^')
    if (rest === undefined) return null
    return { number, expiry: rest.slice(0, 4), version: Number(rest.slice(7, 9)), genuine: !rest.endsWith('9') }
  },
  number: named,
  barcode: named,
  ecodeHash: (ecode) => `hash of ${ecode}`,
}

export const AROUND: Circumstances = {
  id: 1_000_001,
  spareId: 1_000_002,
  at: NOW,
  today: '2026-11-22',
  businessDate: '2026-11-22',
  confirmation: 'explicit',
  confirmTimeoutMs: 120_000,
  lateConfirmWindowMs: 86_400_000,

  cancelWindowMs: null,
  account: (kind, currency) => (currency === 985 ? (kind === 'store_payable' ? 2 : 1) : null),
  line: 'test',
  trace: 'trace',
}

/** The request of a message. @throws the message's fault */
export function requestFrom(message: Message, around: Partial<Circumstances> = {}): Request {
  const read = readMessage(message, READER, NOW)
  if (read.format !== 'card' && read.format !== 'original') throw new Error(JSON.stringify(read))
  return toRequest(message, read, { ...AROUND, ...around })
}

/** `3=006000 4=000000010000 -35`: a message with these fields changed, a minus taking one away. */
export function changed({ mti, fields }: Message, changes: string): Message {
  const result = { ...fields }
  let type = mti
  for (const change of changes.split(' ').filter((word) => word !== '')) {
    const [field = '', value = ''] = change.split('=', 1).concat(change.slice(change.indexOf('=') + 1))
    if (field === 'mti') type = value
    else if (field.startsWith('-')) delete result[Number(field.slice(1))]
    else result[Number(field)] = value.replaceAll('_', ' ')
  }
  return { mti: type, fields: result }
}
