// A till: one terminal with its clock, its trace numbers and its MAC key, on a line of its own.
import type { Akart } from './akart.ts'
import { openLine, type Answer, type Line } from './line.ts'
import { macOf } from './mac.ts'
import { encode, type Fields, type Message, type RawFields } from './wire.ts'

export type Till = {
  /** A new request: DE7, 11, 12, 13, 41 and 42 filled in; `fields` stand over them, undefined leaves one out. */
  readonly message: (mti: string, fields: Fields) => Message
  /** The bytes as this terminal sends them: with its MAC where it has a key. */
  readonly seal: (message: Message, raw?: RawFields, secondary?: boolean) => Buffer
  /** Sends on this till's line and waits; the MAC of the answer is checked where the terminal has a key. */
  readonly send: (message: Message, raw?: RawFields) => Promise<Answer>
  readonly line: () => Line
  readonly reconnect: () => Promise<void>
}

const digits = (value: number): string => String(value).padStart(2, '0')

const clock = (): Fields => {
  const now = new Date()
  const date = digits(now.getUTCMonth() + 1) + digits(now.getUTCDate())
  const time = digits(now.getUTCHours()) + digits(now.getUTCMinutes()) + digits(now.getUTCSeconds())
  return { 7: date + time, 12: time, 13: date }
}

/** Whether the last 8 bytes are a valid MAC in the field that section 7 requires. */
const macIsGood = (kind: 'retail' | 'aes-cmac', key: Buffer, answer: Answer): boolean => {
  const secondary = ((answer.bytes[4] ?? 0) & 0x80) !== 0
  const inPlace = answer.fields[secondary ? 128 : 64] !== undefined && (!secondary || answer.fields[64] === undefined)
  const covered = answer.bytes.subarray(0, -8)
  return inPlace && macOf(kind, key, covered).equals(answer.bytes.subarray(-8))
}

/** Opens a line for the terminal `name` of terminals.csv; any other name is an unknown terminal, in store 1. */
export const openTill = async (akart: Pick<Akart, 'address' | 'terminal'>, name: string): Promise<Till> => {
  const known = name.startsWith('DEMO')
  const row = known ? akart.terminal(name) : { terminal: name, store: '000000000000001', mac: 'none' as const, key: '' }
  const key = Buffer.from(row.key, 'hex')
  let line = await openLine(akart.address())
  let stan = 0

  const seal: Till['seal'] = (message, raw = {}, secondary = false) => {
    if (row.mac === 'none') return encode(message, raw, secondary)
    const second =
      secondary || Object.entries(message.fields).some(([de, value]) => Number(de) > 64 && value !== undefined)
    const field = second ? 128 : 64
    const blank = encode({ mti: message.mti, fields: { ...message.fields, [field]: '\0'.repeat(8) } }, raw, secondary)
    const covered = blank.subarray(0, -8)
    return Buffer.concat([covered, macOf(row.mac, key, covered)])
  }
  return {
    message: (mti, fields) => {
      stan += 1
      const own = { ...clock(), 11: String(stan).padStart(6, '0'), 41: row.terminal, 42: row.store }
      return { mti, fields: { ...own, ...fields } }
    },
    seal,
    send: async (message, raw = {}) => {
      const answer = await line.ask(message, seal(message, raw))
      if (row.mac !== 'none' && !macIsGood(row.mac, key, answer))
        throw new Error(`bad MAC on ${answer.mti} ${answer.fields[39]}`)
      return answer
    },
    line: () => line,
    reconnect: async () => {
      line.end()
      line = await openLine(akart.address())
    },
  }
}
