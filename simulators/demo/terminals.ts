import { SetUpError } from '../set-up-error.ts'
import { readCsv } from './csv.ts'

export const macMethods = ['none', 'retail', 'aes-cmac'] as const
export type MacMethod = (typeof macMethods)[number]
export const confirmations = ['explicit', 'next', 'none'] as const
export type Confirmation = (typeof confirmations)[number]

/** A terminal of HOME/demo/terminals.csv: DE41, DE42 and its settings. `key` is hex, empty without a MAC. */
export type DemoTerminal = {
  terminal: string
  store: string
  confirmation: Confirmation
  mac: MacMethod
  key: string
}

/** A terminal of HOME/demo/terminal-keys.csv, with the key that it begins with; `kbpk` is hex, empty without key exchange. */
export type KeyTerminal = DemoTerminal & { kbpk: string }

const columns = ['terminal', 'store', 'confirmation', 'mac', 'key'] as const

/** Reads the demo terminals. Throws a SetUpError naming file and line, never a key. */
export function readTerminals(text: string, fileName: string): DemoTerminal[] {
  return readCsv(text, fileName, columns).map(({ line, values }) => terminalIn(values, `${fileName}:${line}`))
}

/** Reads the terminals for key exchange. Throws a SetUpError naming file and line, never a key. */
export function readKeyTerminals(text: string, fileName: string): KeyTerminal[] {
  return readCsv(text, fileName, [...columns, 'kbpk']).map(({ line, values }) => {
    const place = `${fileName}:${line}`
    if (!/^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{48}|[0-9a-fA-F]{64}|)$/.test(values.kbpk))
      throw new SetUpError(`${place}: kbpk is not 16, 24 or 32 bytes in hex`)
    return { ...terminalIn(values, place), kbpk: values.kbpk }
  })
}

function terminalIn(values: Record<(typeof columns)[number], string>, place: string): DemoTerminal {
  const wrong = (what: string) => new SetUpError(`${place}: ${what}`)
  const mac = macMethods.find((known) => known === values.mac)
  const confirmation = confirmations.find((known) => known === values.confirmation)
  if (!/^[\x21-\x7e]{1,8}$/.test(values.terminal)) throw wrong('terminal is not 1 to 8 characters')
  if (!/^[\x21-\x7e]{1,15}$/.test(values.store)) throw wrong('store is not 1 to 15 characters')
  if (!mac) throw wrong(`mac '${values.mac}', expected one of ${macMethods.join(', ')}`)
  if (!confirmation) throw wrong(`confirmation '${values.confirmation}', expected ${confirmations.join(', ')}`)
  if (mac !== 'none' && !/^([0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/.test(values.key))
    throw wrong('key is not 16 or 32 bytes in hex')
  return { terminal: values.terminal, store: values.store, confirmation, mac, key: mac === 'none' ? '' : values.key }
}
