import { putSetting, replaceRecipients, selectRecipients, selectSetting, selectSettings } from '../db/sql/settings.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'
import { mayDo } from './rights.ts'

/** A setting of the installation: whole numbers, money limits in whole units of the card's currency. */
type SettingRule = {
  readonly text: Words
  readonly unit: string | null
  readonly usual: number
  readonly minimum: number
  readonly maximum: number
  /** The direction that relaxes a check, which needs a second person (docs/spec/abuse.md, 2). */
  readonly relaxes: 'higher' | 'lower'
}

export const SETTINGS = {
  caseLimit: {
    text: {
      en: 'Cases: above this sum for a clerk, card, store and day a second person approves',
      pl: 'Wyjaśnienia: powyżej tej sumy na osobę, kartę, sklep i dzień zatwierdza druga osoba',
    },
    unit: null,
    usual: 500,
    minimum: 0,
    maximum: 100_000,
    relaxes: 'higher',
  },
  cardLimit: {
    text: {
      en: 'Duplicates, extensions, unblocking of lost cards: up to this sum for a clerk and day without a second person, where the card was swiped or its eCode given',
      pl: 'Duplikaty, przedłużenia, odblokowania kart utraconych: do tej sumy na osobę i dzień bez drugiej osoby, gdy kartę przeciągnięto lub podano jej eKod',
    },
    unit: null,
    usual: 500,
    minimum: 0,
    maximum: 100_000,
    relaxes: 'higher',
  },
  bulkLimit: {
    text: {
      en: 'Many cards at once: above this number a second person approves',
      pl: 'Wiele kart naraz: powyżej tej liczby zatwierdza druga osoba',
    },
    unit: null,
    usual: 100,
    minimum: 0,
    maximum: 10_000,
    relaxes: 'higher',
  },
  revealsPerDay: {
    text: {
      en: 'Whole numbers that a person may reveal in a day',
      pl: 'Pełne numery, które osoba może odsłonić dziennie',
    },
    unit: null,
    usual: 20,
    minimum: 0,
    maximum: 200,
    relaxes: 'higher',
  },
  storeMissesPerMinute: {
    text: {
      en: 'Unknown numbers that a store manager may try in a minute',
      pl: 'Nieznane numery, które kierownik sklepu może wpisać w ciągu minuty',
    },
    unit: null,
    usual: 20,
    minimum: 1,
    maximum: 200,
    relaxes: 'higher',
  },
  storeMissesPerDay: {
    text: {
      en: 'Unknown numbers that a store manager may try in a day',
      pl: 'Nieznane numery, które kierownik sklepu może wpisać w ciągu dnia',
    },
    unit: null,
    usual: 100,
    minimum: 1,
    maximum: 2_000,
    relaxes: 'higher',
  },
} as const satisfies Record<string, SettingRule>

export type SettingName = keyof typeof SETTINGS
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]
const isSettingName = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name)

/** The present value, never cached, so that a stricter value is in force at once in every process. */
export async function settingOf(connection: WorkerConnection, name: SettingName): Promise<number> {
  const [[row] = []] = await connection.send(selectSetting(name))
  return row === undefined ? SETTINGS[name].usual : Number(row[0])
}

export type SettingsView = {
  readonly values: Readonly<Record<SettingName, number>>
  readonly recipients: readonly string[]
}

export async function showSettings(office: Pick<Office, 'db'>, actor: Actor): Promise<SettingsView | Refused> {
  const objection = actor.rights.has('audit.see') ? null : mayDo(actor, 'settings.edit')
  if (objection !== null) return objection
  const [rows = [], addresses = []] = await office.db.use((connection) =>
    connection.send(`${selectSettings};${selectRecipients}`),
  )
  const set = new Map(rows.map(([name, value]) => [String(name), Number(value)]))
  const values = Object.fromEntries(SETTING_NAMES.map((name) => [name, set.get(name) ?? SETTINGS[name].usual]))
  return { values: values as SettingsView['values'], recipients: addresses.map(([address]) => String(address)) }
}

export type SettingsInput = {
  readonly values: Readonly<Record<string, number>>
  /** Null: as they are. */
  readonly recipients: readonly string[] | null
}

/**
 * Stricter values take effect at once; relaxing ones wait for a second person. Returns the numbers of the proposals.
 */
export async function changeSettings(
  office: Office,
  actor: Actor,
  { values, recipients }: SettingsInput,
): Promise<readonly number[] | Refused> {
  const objection = mayDo(actor, 'settings.edit')
  if (objection !== null) return objection
  const wrong = Object.entries(values).find(([name, value]) => !fits(name, value))
  if (wrong !== undefined) return refused('no_such_setting', { name: wrong[0], value: wrong[1] })
  return inTransaction(office, async (connection) => {
    const waiting: number[] = []
    for (const [name, after] of Object.entries(values)) {
      const result = isSettingName(name) ? await changeOne(connection, office, actor, name, after) : null
      if (isRefused(result)) return result
      if (result !== null) waiting.push(result)
    }
    if (recipients !== null) {
      await connection.send(replaceRecipients([...new Set(recipients)]))
      const object = { kind: 'setting', id: 'recipients' }
      const details = { recipients: recipients.length }
      await putOnRecord(connection, office, actor, office.clock(), { action: 'settings.edit', object, details })
    }
    return waiting
  })
}

const fits = (name: string, value: number): boolean =>
  isSettingName(name) && value >= SETTINGS[name].minimum && value <= SETTINGS[name].maximum

async function changeOne(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  name: SettingName,
  after: number,
): Promise<number | null | Refused> {
  const before = await settingOf(connection, name)
  if (before === after) return null
  if (after > before === (SETTINGS[name].relaxes === 'higher')) {
    const input = { name, before, after }
    return propose(connection, office, actor, {
      kind: 'setting',
      subject: SETTING_NAMES.indexOf(name),
      input,
      reason: '',
      details: input,
    })
  }
  await set(connection, office, actor, { name, before, after })
  return null
}

type Change = { readonly name: SettingName; readonly before: number; readonly after: number }

async function set(connection: WorkerConnection, office: Office, actor: Actor, { name, before, after }: Change) {
  const at = office.clock()
  await connection.send(putSetting(name, after, actor.login, at))
  const object = { kind: 'setting', id: name }
  await putOnRecord(connection, office, actor, at, { action: 'settings.edit', object, details: { before, after } })
}

export const settingChange = ({ input }: Pick<ProposalRow, 'input'>): Change => JSON.parse(input) as Change

export const openSettingProposals = (office: Pick<Office, 'db'>): Promise<ProposalRow[]> =>
  openProposals(office, 'setting')

export const decideSetting = (
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<ProposalRow | Refused> =>
  decideProposal(office, actor, { kind: 'setting', ...input }, async (connection, proposal) => {
    const change = settingChange(proposal)
    if (!input.approve) return null
    if ((await settingOf(connection, change.name)) !== change.before) return refused('changed_since')
    await set(connection, office, actor, change)
    return null
  })
