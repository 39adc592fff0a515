import { randomBytes } from 'node:crypto'
import { checkValue } from '../keys/check-value.ts'
import { type KeyAlgorithm, keyLength, type SecretKey } from '../keys/secret-key.ts'
import { openStored, wrapForStorage, WrappedKeyBroken } from '../keys/stored-key.ts'
import { keyLengths, type LoadedPurpose, MAC_CIPHER } from '../keys/terminal-key.ts'
import {
  deleteImportsBefore,
  deleteRequest,
  putRequest,
  selectRequest,
  toRequest,
  type WeakeningAct,
} from '../db/sql/key-ceremony.ts'
import type { Row } from '../db/sql/row.ts'
import { changing, type KeyPlan } from '../db/key-changes.ts'
import {
  deleteKeys,
  insertKey,
  type KeyChange,
  selectKeysOf,
  selectTerminalMac,
  setTerminalMac,
  type StoredKey,
  type TerminalMac,
  toStoredKey,
  toTerminalMac,
} from '../db/sql/terminal-keys.ts'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { auditStatements } from './audit-row.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** A key of a terminal. */
export type KeyTask = { readonly terminal: string; readonly purpose: LoadedPurpose }

/** The terminal's present MAC settings and keys, under a lock. */
export type Standing = { readonly mac: TerminalMac; readonly keys: readonly StoredKey[] }

const MAC_OF = { tdes: 'retail', aes: 'aes-cmac' } as const satisfies Record<KeyAlgorithm, TerminalMac['mac']>

/** The effects of a change of keys; the actor adds the author. */
export type Plan<T> = Omit<KeyPlan<T>, 'change'> & { readonly change: Omit<KeyChange, 'who' | 'terminal'> }

/**
 * One change of a terminal's keys, with its rows of history and audit. `also`: statements read before, under the same
 * lock.
 */
export async function change<T>(
  office: Office,
  actor: Actor,
  terminal: string,
  plan: (id: number, standing: Standing, at: number, found: readonly (readonly Row[])[]) => Plan<T> | Refused,
  also: readonly string[] = [],
): Promise<T | Refused> {
  const select = [selectTerminalMac(terminal), selectKeysOf([terminal]), ...also].join(';')
  const at = office.clock()
  let against: Refused | null = null
  const result = await office.db.use((connection) =>
    changing(connection, select, at, (id, [terminals = [], keys = [], ...found]) => {
      const [mac] = terminals.map(toTerminalMac)
      const planned =
        mac === undefined
          ? refused('no_such_terminal', { terminal })
          : plan(id, { mac, keys: keys.map(toStoredKey) }, at, found)
      if (isRefused(planned)) {
        against = planned
        return null
      }
      const { action, purpose, checkValue: kcv, note } = planned.change
      const object = { kind: 'terminal', id: terminal }
      const act = { action: `terminals.keys.${action}`, object, details: { purpose, kcv, note } }
      return {
        ...planned,
        change: { ...planned.change, who: actor.login, terminal },
        // Incomplete components are deleted once they expire.
        writes: [deleteImportsBefore(at - ASKED_FOR_MS), ...planned.writes, ...auditStatements(office, actor, at, act)],
      }
    }),
  )
  return against ?? (result as T)
}

/** The terminal's settings and keys without a lock, for a use case that first creates a suitable key. */
export async function standingOf({ db }: Office, terminal: string): Promise<Standing | Refused> {
  const [terminals = [], keys = []] = await db.transaction((connection) =>
    connection.send(`${selectTerminalMac(terminal)};${selectKeysOf([terminal])}`),
  )
  const [mac] = terminals.map(toTerminalMac)
  return mac === undefined ? refused('no_such_terminal', { terminal }) : { mac, keys: keys.map(toStoredKey) }
}

const keysFor = ({ keys }: Pick<Standing, 'keys'>, purpose: LoadedPurpose): readonly StoredKey[] =>
  keys.filter((key) => key.purpose === purpose)

/**
 * Loads a key into a terminal's record. A MAC key also sets the terminal's MAC algorithm; an older key of the same
 * cipher ends a minute after the first message under the new one, all other keys are replaced at once. Returns its key
 * check value.
 */
export async function loadKey(
  office: Office,
  actor: Actor,
  task: KeyTask,
  key: SecretKey,
  how: { readonly action: 'created' | 'imported'; readonly replaces: boolean },
): Promise<string | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const masters = await office.masters()
  return change(office, actor, task.terminal, (id, standing) => loading(masters, task, key, how, id, standing))
}

/** The effects of loading a key. */
export function loading(
  masters: MasterKeyring,
  task: KeyTask,
  key: SecretKey,
  how: { readonly action: 'created' | 'imported'; readonly replaces: boolean },
  id: number,
  { mac, keys }: Standing,
): Plan<string> | Refused {
  const { terminal, purpose } = task
  const value = checkValue(key)
  const against = againstLoading({ keys }, task, how.replaces) ?? againstFit(masters, task, key, { mac, keys })
  if (against !== null) return against
  const { algorithm } = key
  const place = { terminal, purpose, algorithm } as const
  const master = masters.newest()
  const wrapped = wrapForStorage(master, place, key, randomBytes)
  const sets = purpose === 'mac' && mac.mac !== MAC_OF[algorithm]
  const old = keys.filter((one) => (purpose === 'mac' ? sets && isMacKey(one) : one.purpose === purpose))
  return {
    change: { action: how.replaces ? 'replaced' : how.action, purpose, checkValue: value, note: '' },
    writes: [
      ...deleting(old),
      insertKey(id, { ...place, checkValue: value, master: master.id, wrapped }),
      ...(sets ? setTerminalMac(terminal, { ...mac, mac: MAC_OF[algorithm] }) : []),
    ],
    result: value,
  }
}

/** Refuses to replace a key without being told to, and to replace one that does not exist. */
export function againstLoading(
  standing: Pick<Standing, 'keys'>,
  { terminal, purpose }: KeyTask,
  replaces: boolean,
): Refused | null {
  const [there] = keysFor(standing, purpose)
  if (there !== undefined && !replaces) return refused('key_there', { terminal, purpose, kcv: there.checkValue })
  return there === undefined && replaces ? refused('no_key_to_replace', { terminal, purpose }) : null
}

/** Waits: this person was the first to ask for it; a second one does the same within 24 hours. */
export type Weakened<T> = { readonly waits: false; readonly result: T } | { readonly waits: true }

/** How long the first person's request is valid, ms. */
export const ASKED_FOR_MS = 24 * 3_600_000

/** Runs an act that weakens the security of a terminal: it needs two people, one after the other. */
const weaken = <T>(
  office: Office,
  actor: Actor,
  {
    terminal,
    purpose,
    act,
  }: { readonly terminal: string; readonly purpose: LoadedPurpose | null; readonly act: WeakeningAct },
  plan: (standing: Standing) => Plan<T> | Refused,
): Promise<Weakened<T> | Refused> =>
  change<Weakened<T>>(
    office,
    actor,
    terminal,
    (_id, standing, at, [requests = []]) => {
      const planned = plan(standing)
      if (isRefused(planned)) return planned
      const [first] = requests.map(toRequest).filter(({ askedAt }) => askedAt + ASKED_FOR_MS > at)
      if (first === undefined) {
        return {
          change: { action: 'asked', purpose, checkValue: planned.change.checkValue, note: act },
          writes: [putRequest(terminal, act, actor.login, at)],
          result: { waits: true },
        }
      }
      if (isSamePerson(actor, first.who)) return refused('own_request', { who: first.who })
      return {
        change: {
          ...planned.change,
          note: `${planned.change.note}${planned.change.note === '' ? '' : ', '}asked by ${first.who}`,
        },
        writes: [...planned.writes, deleteRequest(terminal, act)],
        result: { waits: false, result: planned.result },
      }
    },
    [selectRequest(terminal, act)],
  )

/** Takes a key away, which two people have to want; without a MAC key the terminal has no MAC. Returns its check value. */
export async function removeKey(
  office: Office,
  actor: Actor,
  { terminal, purpose }: KeyTask,
): Promise<Weakened<string> | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  return weaken(office, actor, { terminal, purpose, act: `remove ${purpose}` }, ({ mac, keys }) => {
    const [there] = keysFor({ keys }, purpose)
    if (there === undefined) return refused('no_such_key', { terminal, purpose })
    const old = keys.filter((one) => (purpose === 'mac' ? isMacKey(one) : one.purpose === purpose))
    return {
      change: { action: 'removed', purpose, checkValue: there.checkValue, note: '' },
      writes: [...deleting(old), ...(purpose === 'mac' ? setTerminalMac(terminal, { ...mac, mac: 'none' }) : [])],
      result: there.checkValue,
    }
  })
}

/** Sets whether messages without a MAC are refused. Making it optional needs two people. */
export async function setMacPolicy(
  office: Office,
  actor: Actor,
  { terminal, required }: { readonly terminal: string; readonly required: boolean },
): Promise<Weakened<true> | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const plan = ({ mac }: Standing): Plan<true> | Refused =>
    mac.mac === 'none'
      ? refused('terminal_without_mac', { terminal })
      : {
          change: {
            action: 'policy',
            purpose: null,
            checkValue: null,
            note: `MAC ${required ? 'required' : 'optional'}`,
          },
          writes: setTerminalMac(terminal, { ...mac, isRequired: required }),
          result: true,
        }
  if (!required) return weaken(office, actor, { terminal, purpose: null, act: 'optional' }, plan)
  return change<Weakened<true>>(office, actor, terminal, (_id, standing) => {
    const planned = plan(standing)
    if (isRefused(planned)) return planned
    // The opposite request is withdrawn.
    const writes = [...planned.writes, deleteRequest(terminal, 'optional')]
    return { ...planned, writes, result: { waits: false, result: true } }
  })
}

const isMacKey = ({ purpose }: StoredKey): boolean => purpose === 'mac' || purpose === 'session'

const deleting = (keys: readonly StoredKey[]): string[] =>
  keys.length === 0 ? [] : [deleteKeys(keys.map(({ id }) => id))]

/** A KBPK has the cipher of the MAC and is at least as long as its key (X9.143 section 5); nothing else depends on others. */
function againstFit(
  masters: MasterKeyring,
  { terminal, purpose }: KeyTask,
  key: SecretKey,
  { mac, keys }: Standing,
): Refused | null {
  const { algorithm } = key
  const length = keyLength(key)
  if (!keyLengths(purpose, algorithm).includes(length)) {
    return refused('key_length', { purpose, algorithm, lengths: keyLengths(purpose, algorithm).join(' or '), length })
  }
  const [kbpk] = keys.filter((one) => one.purpose === 'kbpk')
  const [macKey] = keys.filter(isMacKey)
  const protects = purpose === 'kbpk' ? key : purpose === 'mac' && kbpk !== undefined ? opened(masters, kbpk) : null
  const protectedKey = purpose === 'mac' ? key : macKey === undefined ? null : opened(masters, macKey)
  if (protects === null || protectedKey === null || (purpose === 'kbpk' && mac.mac === 'none')) return null
  if (protects.algorithm === protectedKey.algorithm && keyLength(protects) >= keyLength(protectedKey)) return null
  const is = (one: SecretKey): string => `${one.algorithm}, ${keyLength(one)} bytes`
  return refused('key_too_weak', { terminal, kbpk: is(protects), mac: is(protectedKey) })
}

function opened(masters: MasterKeyring, row: StoredKey): SecretKey {
  const master = masters.find(row.master)
  if (master === null) throw new WrappedKeyBroken(row)
  return openStored<KeyAlgorithm>(master, row, row.wrapped)
}

export const cipherOf = ({ mac }: TerminalMac): KeyAlgorithm | null => (mac === 'none' ? null : MAC_CIPHER[mac])
