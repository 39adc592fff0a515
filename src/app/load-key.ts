import { randomBytes } from 'node:crypto'
import { setUpError } from '../config/set-up-error.ts'
import type { MacAlgorithm } from '../iso8583/mac.ts'
import { checkValue } from '../keys/check-value.ts'
import { type KeyAlgorithm, keyLength, type SecretKey } from '../keys/secret-key.ts'
import { openStored, wrapForStorage, WrappedKeyBroken } from '../keys/stored-key.ts'
import { keyLengths, type LoadedPurpose, MAC_CIPHER } from '../keys/terminal-key.ts'
import { changing, type KeyPlan } from '../db/key-changes.ts'
import {
  deleteKeys,
  insertKey,
  selectKeysOf,
  selectTerminalMac,
  setTerminalMac,
  type StoredKey,
  type TerminalMac,
  toStoredKey,
  toTerminalMac,
} from '../db/sql/terminal-keys.ts'
import type { KeyRoom } from './key-commands.ts'
import type { MasterRing } from '../custody/master-keyring.ts'

/** Which key of which terminal, and who changes it. */
export type KeyTask = { readonly terminal: string; readonly purpose: LoadedPurpose; readonly who: string }

/** What a terminal has, as its keys are about to be changed. */
export type Standing = { readonly mac: TerminalMac; readonly keys: readonly StoredKey[] }

const MAC_OF = { tdes: 'retail', aes: 'aes-cmac' } as const satisfies Record<KeyAlgorithm, MacAlgorithm>

/** One change of a terminal's keys. @throws a set-up error where there is no such terminal */
function change<T>(
  { connection }: KeyRoom,
  terminal: string,
  plan: (id: number, standing: Standing) => KeyPlan<T> | null,
): Promise<T | null> {
  const select = `${selectTerminalMac(terminal)};${selectKeysOf([terminal])}`
  return changing(connection, select, Date.now(), (id, [terminals = [], keys = []]) => {
    const [mac] = terminals.map(toTerminalMac)
    if (mac === undefined) throw setUpError(`there is no terminal ${terminal}`)
    return plan(id, { mac, keys: keys.map(toStoredKey) })
  })
}

/** What the terminal has, without changing anything: for a command that first makes a key that fits. */
export async function standingOf(room: KeyRoom, terminal: string): Promise<Standing> {
  let found: Standing | null = null
  await change(room, terminal, (_id, standing) => {
    found = standing
    return null
  })
  if (found === null) throw setUpError(`there is no terminal ${terminal}`)
  return found
}

const keysFor = ({ keys }: Pick<Standing, 'keys'>, purpose: LoadedPurpose): readonly StoredKey[] =>
  keys.filter((key) => key.purpose === purpose)

/**
 * Gives a terminal a key. A MAC key also says how the terminal's messages are authenticated; an older one of the same cipher
 * ends a minute after the first message under the new one, everything else is replaced at once.
 *
 * @throws a set-up error: no such terminal, there is one already and it shall not be replaced, or it does not go with the
 * terminal's other keys
 */
export async function loadKey(
  room: KeyRoom,
  { terminal, purpose, who }: KeyTask,
  key: SecretKey,
  how: { readonly action: 'created' | 'imported'; readonly replaces: boolean },
): Promise<string> {
  const value = checkValue(key)
  await change(room, terminal, (id, { mac, keys }) => {
    mayLoad({ keys }, { terminal, purpose, who }, how.replaces)
    fit(room.masters, terminal, purpose, key, { mac, keys })
    const { algorithm } = key
    const place = { terminal, purpose, algorithm } as const
    const master = room.masters.newest()
    const wrapped = wrapForStorage(master, place, key, randomBytes)
    const sets = purpose === 'mac' && mac.mac !== MAC_OF[algorithm]
    const old = keys.filter((one) => (purpose === 'mac' ? sets && isMacKey(one) : one.purpose === purpose))
    return {
      change: { who, action: how.replaces ? 'replaced' : how.action, terminal, purpose, checkValue: value, note: '' },
      writes: [
        ...deleting(old),
        insertKey(id, { ...place, checkValue: value, master: master.id, wrapped }),
        ...(sets ? setTerminalMac(terminal, { ...mac, mac: MAC_OF[algorithm] }) : []),
      ],
      result: value,
    }
  })
  return value
}

/** @throws a set-up error where a key is there that shall not be replaced, or none that shall be */
export function mayLoad(standing: Pick<Standing, 'keys'>, { terminal, purpose }: KeyTask, replaces: boolean): void {
  const [there] = keysFor(standing, purpose)
  if (there !== undefined && !replaces) {
    throw setUpError(`terminal ${terminal} has a ${purpose} key already, check value ${there.checkValue}`)
  }
  if (there === undefined && replaces) throw setUpError(`terminal ${terminal} has no ${purpose} key to replace`)
}

/** Takes a key away; without a MAC key the terminal has no MAC any more. */
export async function removeKey(room: KeyRoom, { terminal, purpose, who }: KeyTask): Promise<string> {
  const removed = await change(room, terminal, (_id, { mac, keys }) => {
    const [there] = keysFor({ keys }, purpose)
    if (there === undefined) throw setUpError(`terminal ${terminal} has no ${purpose} key`)
    const old = keys.filter((one) => (purpose === 'mac' ? isMacKey(one) : one.purpose === purpose))
    return {
      change: { who, action: 'removed', terminal, purpose, checkValue: there.checkValue, note: '' },
      writes: [...deleting(old), ...(purpose === 'mac' ? setTerminalMac(terminal, { ...mac, mac: 'none' }) : [])],
      result: there.checkValue,
    }
  })
  return removed ?? ''
}

/** Whether a message of this terminal without a MAC is refused. */
export async function setMacPolicy(room: KeyRoom, terminal: string, isRequired: boolean, who: string): Promise<void> {
  await change(room, terminal, (_id, { mac }) => {
    if (mac.mac === 'none') throw setUpError(`terminal ${terminal} has no MAC`)
    const note = `MAC ${isRequired ? 'required' : 'optional'}`
    return {
      change: { who, action: 'policy', terminal, purpose: null, checkValue: null, note },
      writes: setTerminalMac(terminal, { ...mac, isRequired }),
      result: true,
    }
  })
}

const isMacKey = ({ purpose }: StoredKey): boolean => purpose === 'mac' || purpose === 'session'

const deleting = (keys: readonly StoredKey[]): string[] =>
  keys.length === 0 ? [] : [deleteKeys(keys.map(({ id }) => id))]

/** A KBPK has the cipher of the MAC and is at least as long as its key (X9.143 section 5); nothing else depends on others. */
function fit(masters: MasterRing, terminal: string, purpose: LoadedPurpose, key: SecretKey, { mac, keys }: Standing) {
  const { algorithm } = key
  if (!keyLengths(purpose, algorithm).includes(keyLength(key))) {
    const lengths = keyLengths(purpose, algorithm).join(' or ')
    throw setUpError(`a ${purpose} key of ${algorithm} has ${lengths} bytes, not ${keyLength(key)}`)
  }
  const [kbpk] = keys.filter((one) => one.purpose === 'kbpk')
  const [macKey] = keys.filter(isMacKey)
  const protects = purpose === 'kbpk' ? key : purpose === 'mac' && kbpk !== undefined ? opened(masters, kbpk) : null
  const protectedKey = purpose === 'mac' ? key : macKey === undefined ? null : opened(masters, macKey)
  if (protects === null || protectedKey === null || (purpose === 'kbpk' && mac.mac === 'none')) return
  if (protects.algorithm === protectedKey.algorithm && keyLength(protects) >= keyLength(protectedKey)) return
  const is = (one: SecretKey): string => `${one.algorithm}, ${keyLength(one)} bytes`
  throw setUpError(
    `terminal ${terminal}: a kbpk key (${is(protects)}) protects no mac key (${is(protectedKey)}); remove the other one first`,
  )
}

function opened(masters: MasterRing, row: StoredKey): SecretKey {
  const master = masters.find(row.master)
  if (master === null) throw new WrappedKeyBroken(row)
  return openStored<KeyAlgorithm>(master, row, row.wrapped)
}

export const cipherOf = ({ mac }: TerminalMac): KeyAlgorithm | null => (mac === 'none' ? null : MAC_CIPHER[mac])
