import { parseElement } from '../scenario/reader.ts'
import { SetUpError } from '../set-up-error.ts'
import { parseAmount, toAmountField } from '../terminal/amount.ts'
import type { Fields } from '../terminal/fields.ts'
import type { Message } from '../terminal/message.ts'
import { WIDTHS } from '../terminal/widths.ts'

/** `48=P` as element and value. Throws a SetUpError. */
function edited(text: string): [de: number, value: string] {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  const de = parseElement(key)
  if (de === null) throw new SetUpError(`--field ${text}: expected an element (2 to 128) and its value, as 48=P`)
  const minor = de === 4 && value.includes('.') ? parseAmount(value) : null
  return [de, minor === null ? value.padEnd(WIDTHS[de] ?? 0) : toAmountField(minor)]
}

/** A message with elements set and removed by the command line. */
export function withEdits(message: Message, set: readonly string[], without: readonly string[]): Message {
  const fields: Fields = { ...message.fields, ...Object.fromEntries(set.map(edited)) }
  for (const text of without) {
    const de = parseElement(text)
    if (de === null) throw new SetUpError(`--without ${text}: expected an element, 2 to 128`)
    delete fields[de]
  }
  return { mti: message.mti, fields }
}
