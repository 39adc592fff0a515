import { randomBytes } from 'node:crypto'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import {
  deleteImport,
  insertComponent,
  insertImport,
  type KeyImport,
  selectComponents,
  selectImport,
  type StoredComponent,
  toComponent,
  toImport,
} from '../db/sql/key-ceremony.ts'
import { checkValue, hasCheckValue } from '../keys/check-value.ts'
import { combineComponents } from '../keys/components.ts'
import { type KeyAlgorithm, keyBytes, secretKey } from '../keys/secret-key.ts'
import { openStored, wrapForStorage } from '../keys/stored-key.ts'
import { keyLengths } from '../keys/terminal-key.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { cipherFor, WRONG_COMPONENTS } from './new-terminal-key.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import {
  againstLoading,
  ASKED_FOR_MS,
  change,
  type KeyTask,
  loading,
  type Plan,
  type Standing,
} from './terminal-key-changes.ts'

/**
 * Imports a key in sittings: each custodian enters their own component at their own time, and nobody sees another's.
 * Components are stored like keys and deleted with the last component, or after 24 hours.
 */

/** The properties of the key, entered by the first person. */
export type KeyToCome = {
  readonly algorithm: KeyAlgorithm | null
  readonly components: number
  readonly checkValue: string
  readonly replaces: boolean
}

export type OneComponent = KeyTask & {
  readonly component: { readonly hex: string; readonly checkValue: string }
  /** Null: another person has begun. */
  readonly begins: KeyToCome | null
}

/** The state of the import; `checkValue`: the key is loaded. */
export type Sitting =
  | { readonly checkValue: string }
  | { readonly checkValue: null; readonly given: number; readonly of: number; readonly until: number }

export async function giveComponent(
  office: Office,
  actor: Actor,
  { component, begins, ...task }: OneComponent,
): Promise<Sitting | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const masters = await office.masters()
  const also = [selectImport(task), selectComponents(task)]
  const plan = (id: number, standing: Standing, at: number, found: Parameters<Parameters<typeof change>[3]>[3]) => {
    const [imports = [], components = []] = found
    const [open] = imports.map(toImport).filter(({ begunAt }) => begunAt + ASKED_FOR_MS > at)
    const given = open === undefined ? [] : components.map(toComponent)
    const started = open === undefined ? begun(standing, task, begins, at) : goneOn(task, given, begins, actor)
    if (isRefused(started)) return started
    const whole = started ?? open
    if (whole === undefined) throw new TypeError('an import is begun or is there')
    const mine = sealed(masters, task, whole, component, actor.login)
    if (isRefused(mine)) return mine
    const all = [...given, mine]
    if (all.length === whole.components) return finished(masters, task, whole, all, id, standing)
    const position = all.length
    const what = { action: 'component', purpose: task.purpose, checkValue: mine.checkValue } as const
    return {
      change: { ...what, note: `component ${position} of ${whole.components}` },
      writes: [
        ...(started === null ? [] : [deleteImport(task), insertImport(task, started)]),
        insertComponent(task, position, mine),
      ],
      result: { checkValue: null, given: position, of: whole.components, until: whole.begunAt + ASKED_FOR_MS },
    } satisfies Plan<Sitting>
  }
  return change<Sitting>(office, actor, task.terminal, plan, also)
}

function begun(standing: Standing, task: KeyTask, begins: KeyToCome | null, at: number): KeyImport | Refused {
  if (begins === null) return refused('no_import_begun', task)
  const { components, checkValue: wanted, replaces } = begins
  if (components !== 2 && components !== 3) return refused('wrong_components', { fault: WRONG_COMPONENTS.count() })
  const against = againstLoading(standing, task, replaces)
  if (against !== null) return against
  const algorithm = cipherFor(standing, task, begins.algorithm)
  if (isRefused(algorithm)) return algorithm
  return { algorithm, components, checkValue: wanted.toUpperCase(), replaces, begunAt: at }
}

/** Null: this person may give a component of what others have begun. */
function goneOn(
  task: KeyTask,
  given: readonly StoredComponent[],
  begins: KeyToCome | null,
  actor: Actor,
): Refused | null {
  const own = given.find(({ who }) => isSamePerson(actor, who))
  if (own !== undefined) return refused('own_component', { who: own.who })
  return begins === null ? null : refused('import_begun', { ...task, who: given[0]?.who ?? '' })
}

function sealed(
  masters: MasterKeyring,
  { terminal, purpose }: KeyTask,
  { algorithm }: KeyImport,
  { hex, checkValue: own }: OneComponent['component'],
  who: string,
): StoredComponent | Refused {
  const bytes = Buffer.from(hex, 'hex')
  const wrong = (reason: 'length' | 'check value') =>
    refused('wrong_components', { fault: WRONG_COMPONENTS[reason](1).replace('component 1', 'the component') })
  if (!keyLengths(purpose, algorithm).includes(bytes.length)) return wrong('length')
  const key = secretKey(algorithm, bytes)
  if (!hasCheckValue(key, own)) return wrong('check value')
  const master = masters.newest()
  const wrapped = wrapForStorage(master, { terminal, purpose: `component of ${purpose}`, algorithm }, key, randomBytes)
  return { who, checkValue: checkValue(key), master: master.id, wrapped }
}

/** All components are there. If they do not make the announced key, the last one is refused, and the others stay until they expire. */
function finished(
  masters: MasterKeyring,
  task: KeyTask,
  { algorithm, checkValue: wanted, replaces }: KeyImport,
  all: readonly StoredComponent[],
  id: number,
  standing: Standing,
): Plan<Sitting> | Refused {
  const { terminal, purpose } = task
  const parts = []
  for (const { master, wrapped, checkValue: own } of all) {
    const from = masters.find(master)
    if (from === null) return refused('import_master_gone')
    const place = { terminal, purpose: `component of ${purpose}`, algorithm } as const
    parts.push({ bytes: keyBytes(openStored<KeyAlgorithm>(from, place, wrapped)), checkValue: own })
  }
  const combined = combineComponents(algorithm, parts, wanted)
  if (combined.kind === 'refused') {
    return refused('wrong_components', { fault: WRONG_COMPONENTS[combined.reason](combined.component) })
  }
  const planned = loading(masters, task, combined.key, { action: 'imported', replaces }, id, standing)
  if (isRefused(planned)) return planned
  const { change: what, writes, result } = planned
  // The names are on record with each component; here as many as fit.
  const note = `from ${all.map(({ who }) => who).join(', ')}`.slice(0, 80)
  return { change: { ...what, note }, writes: [...writes, deleteImport(task)], result: { checkValue: result } }
}

/** Forgets the components that were given. */
export async function abandonImport(office: Office, actor: Actor, task: KeyTask): Promise<true | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  return change<true>(
    office,
    actor,
    task.terminal,
    (_id, _standing, _at, [imports = []]) =>
      imports.length === 0
        ? refused('no_import_begun', task)
        : {
            change: { action: 'abandoned', purpose: task.purpose, checkValue: null, note: 'import' },
            writes: [deleteImport(task)],
            result: true,
          },
    [selectImport(task)],
  )
}
