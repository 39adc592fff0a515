import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** The last exchange of a terminal's session key, and how many there were in the hour that began then. */
export type KeyExchangeRecord = {
  readonly transmitted: number
  readonly stan: number
  readonly keyId: number
  readonly hourBegan: number
  readonly number: number
}

export const lockExchange = (terminal: string): string =>
  `SELECT transmitted, stan, key_id, hour_began, number FROM key_exchanges WHERE terminal_code = ${text(terminal)} FOR UPDATE`

export function toExchange(row: Row): KeyExchangeRecord {
  const [transmitted, stan, keyId, hourBegan, number] = row as [number, number, number, string, number]
  return { transmitted, stan, keyId, hourBegan: fromInstant(hourBegan), number }
}

export const writeExchange = (terminal: string, one: KeyExchangeRecord): string =>
  `INSERT INTO key_exchanges (terminal_code, transmitted, stan, key_id, hour_began, number) VALUES (${[
    text(terminal),
    integer(one.transmitted),
    integer(one.stan),
    integer(one.keyId),
    instant(one.hourBegan),
    integer(one.number),
  ].join(',')})
   ON DUPLICATE KEY UPDATE transmitted = VALUES(transmitted), stan = VALUES(stan), key_id = VALUES(key_id),
   hour_began = VALUES(hour_began), number = VALUES(number)`
