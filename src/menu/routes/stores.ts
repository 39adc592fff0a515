import { currencyOf } from '../../core/currency.ts'
import type { Totals } from '../../core/totals.ts'
import { bindCertificate, demandSignOn, unbindCertificate } from '../../office/certificates.ts'
import { importChain } from '../../office/chain-import.ts'
import { giveComponent } from '../../office/key-import.ts'
import type { Office } from '../../office/office.ts'
import { isRefused, refused, type Refused } from '../../office/refusal.ts'
import {
  type Read,
  readNewStore,
  readNewTerminal,
  readStoreChange,
  readTerminalChange,
} from '../../office/registry-settings.ts'
import { addStore, changeStore, findStore, listStores, type StoreRecord } from '../../office/stores.ts'
import { removeKey, setMacPolicy } from '../../office/terminal-key-changes.ts'
import { type SeenTerminal, listSeenTerminals, showTerminal, type TerminalPage } from '../../office/terminal-page.ts'
import { changeTerminalAsked } from '../../office/terminal-proposals.ts'
import { addTerminal, canProve, type TerminalRecord } from '../../office/terminals.ts'
import { listSetAside, listUpstreams, type LiveUpstream } from '../../office/upstreams.ts'
import type { Handlers } from '../call.ts'
import { money, storedTime, storeNamed, time, timeOrNull } from '../format.ts'

type StoreRoutes = Pick<
  Handlers,
  Extract<keyof Handlers, `stores.${string}` | `terminals.${string}` | `upstreams.${string}`>
>

/** How many faults are shown; the others are only counted. */
const NAMED = 200

const storeAnswer = ({ code, name, state, currency, timeZone, language, terminals }: StoreRecord) => ({
  code,
  name,
  state,
  currency: currencyOf(currency).letters,
  timeZone,
  language,
  terminals,
})

const terminalAnswer = (office: Office, terminal: TerminalRecord, heard: Pick<SeenTerminal, 'lastAt' | 'silent'>) => ({
  code: terminal.code,
  store: storeNamed(office, terminal.store),
  state: terminal.state,
  confirmation: terminal.confirmation,
  mac: terminal.mac,
  macRequired: terminal.macRequired,
  signOn: terminal.signOn,
  characterSet: terminal.textForm.characterSet,
  language: terminal.storeLanguage ? 'store' : terminal.textForm.language,
  unauthenticated: terminal.unauthenticated,
  canProve: canProve(terminal),
  lastAt: timeOrNull(heard.lastAt),
  silent: heard.silent,
})

const heardAnswer = (office: Office) => (terminal: SeenTerminal) => terminalAnswer(office, terminal, terminal)

const totalsAnswer = (totals: Totals, currency: number) => {
  const of = ({ number, amount }: Totals['credits']) => ({ number, amount: money(amount, currency) })
  return {
    credits: of(totals.credits),
    reversedCredits: of(totals.reversedCredits),
    debits: of(totals.debits),
    reversedDebits: of(totals.reversedDebits),
  }
}

const changesAnswer = (changes: TerminalPage['changes']) =>
  changes.map(({ at, who, action, detail }) => ({ at: time(at), who, action, detail }))

/** The settings of a store or a terminal, or a refusal that names each faulty one. */
function read<T>(reader: (texts: ReadonlyMap<string, string>) => Read<T>, settings: Readonly<Record<string, string>>) {
  const found = reader(new Map(Object.entries(settings)))
  if ('value' in found) return found.value
  const faults = found.faults.map(({ setting, text, pl }) => ({ at: setting, text, pl }))
  const refusal: Refused = { ...refused('wrong_values'), faults }
  return refusal
}

const approvalOf = ({ waits }: { readonly waits: number | null }): string | null =>
  waits === null ? null : `terminal-${waits}`

const liveAnswer = (live: LiveUpstream | undefined) =>
  live === undefined ? null : { connections: live.up, inFlight: live.inFlight, circuit: live.breaker }

export const storeRoutes: StoreRoutes = {
  async 'stores.list'({ office, actor }) {
    const stores = await listStores(office, actor)
    if (isRefused(stores)) return stores
    const heard = await listSeenTerminals(office, actor, { store: null })
    const silent = isRefused(heard) ? [] : heard.filter((one) => one.silent)
    return {
      items: stores.map((store) => ({
        ...storeAnswer(store),
        silent: silent.filter((one) => one.store === store.code).length,
      })),
    }
  },
  async 'stores.show'({ office, actor, params: { code } }) {
    const view = await findStore(office, actor, { store: code })
    if (isRefused(view)) return view
    const tills = await listSeenTerminals(office, actor, { store: code })
    return {
      ...storeAnswer(view.store),
      changes: changesAnswer(view.changes),
      tills: isRefused(tills) ? [] : tills.map(heardAnswer(office)),
    }
  },
  async 'stores.add'({ office, actor, body }) {
    const store = read(readNewStore, body.settings)
    if (isRefused(store)) return store
    const added = await addStore(office, actor, store)
    return isRefused(added) ? added : { code: added.code }
  },
  async 'stores.change'({ office, actor, params: { code }, body }) {
    const change = read(readStoreChange, body.settings)
    if (isRefused(change)) return change
    const changed = await changeStore(office, actor, { store: code, change })
    return isRefused(changed) ? changed : { differences: [...changed.differences], open: changed.open }
  },
  async 'stores.import'({ office, actor, body }) {
    const file = { name: body.fileName, content: Buffer.from(body.content, 'base64') }
    const imported = await importChain(office, actor, { file, dryRun: body.dryRun })
    if (isRefused(imported)) return imported
    const { faults, ...counts } = imported
    return {
      ...counts,
      count: faults.length,
      faults: faults.slice(0, NAMED).map(({ line, text }) => ({ line, text: { ...text } })),
    }
  },
  async 'terminals.list'({ office, actor, query: { store = null, state } }) {
    const terminals = await listSeenTerminals(office, actor, { store })
    if (isRefused(terminals)) return terminals
    const wanted = terminals.filter(
      (one) => state === undefined || (state === 'silent' ? one.silent : one.state === state),
    )
    return { items: wanted.map(heardAnswer(office)) }
  },
  async 'terminals.show'({ office, actor, params: { code } }) {
    const page = await showTerminal(office, actor, code)
    if (isRefused(page)) return page
    const { currency } = page
    return {
      ...terminalAnswer(office, page.terminal, page.heard),
      changes: changesAnswer(page.changes),
      day: { since: page.day.since, totals: totalsAnswer(page.day.totals, currency) },
      dayEnds: page.dayEnds.map(({ id, businessDate, agreed, totals }) => ({
        id: String(id),
        day: businessDate,
        agreed,
        totals: totalsAnswer(totals, currency),
      })),
      keys:
        page.keys?.map(({ purpose, algorithm, checkValue, state }) => ({ purpose, algorithm, checkValue, state })) ??
        null,
      keyChanges: page.keyChanges.map(({ at, who, action, purpose, checkValue, note }) => ({
        at: storedTime(at),
        who,
        action,
        purpose,
        checkValue,
        note,
      })),
      bindings: page.bindings.map(({ what, by, name }) => ({ what, by, name })),
    }
  },
  async 'terminals.add'({ office, actor, body }) {
    const terminal = read(readNewTerminal, body.settings)
    if (isRefused(terminal)) return terminal
    if (terminal.unauthenticated && !office.demo) return refused('terminal_needs_proof', { terminal: terminal.code })
    const added = await addTerminal(office, actor, terminal)
    return isRefused(added) ? added : { code: added.code }
  },
  async 'terminals.change'({ office, actor, params: { code }, body: { settings, reason } }) {
    const change = read(readTerminalChange, settings)
    if (isRefused(change)) return change
    const asked = await changeTerminalAsked(office, actor, { terminal: code, change, reason })
    if (isRefused(asked)) return asked
    return {
      differences: [...(asked.done?.differences ?? [])],
      approval: asked.proposal === null ? null : `terminal-${asked.proposal}`,
    }
  },
  async 'terminals.signOn'({ office, actor, params: { code }, body: { required } }) {
    const done = await demandSignOn(office, actor, { terminal: code, required })
    return isRefused(done) ? done : { required, approval: approvalOf(done) }
  },
  async 'terminals.bind'({ office, actor, params: { code }, body: { by, name, remove } }) {
    const binding = { what: 'terminal', code, by, name } as const
    const done = await (remove ? unbindCertificate : bindCertificate)(office, actor, binding)
    return isRefused(done) ? done : { bound: !remove, approval: approvalOf(done) }
  },
  async 'terminals.giveComponent'({ office, actor, params: { code }, body: { purpose, component, begins } }) {
    const sitting = await giveComponent(office, actor, { terminal: code, purpose, component, begins })
    if (isRefused(sitting)) return sitting
    return sitting.checkValue === null
      ? { checkValue: null, given: sitting.given, of: sitting.of }
      : { checkValue: sitting.checkValue, given: 0, of: 0 }
  },
  async 'terminals.removeKey'({ office, actor, params: { code }, body: { purpose } }) {
    const removed = await removeKey(office, actor, { terminal: code, purpose })
    return isRefused(removed) ? removed : { waits: removed.waits }
  },
  async 'terminals.macPolicy'({ office, actor, params: { code }, body: { required } }) {
    const done = await setMacPolicy(office, actor, { terminal: code, required })
    return isRefused(done) ? done : { waits: done.waits }
  },
  async 'upstreams.list'({ office, actor, parts }) {
    const upstreams = await listUpstreams(office, actor)
    if (isRefused(upstreams)) return upstreams
    const live = new Map(parts.upstreams().map((one) => [one.upstream, one]))
    return {
      items: upstreams.map(({ upstream, oldest, leasedUntil, owes, ...counts }) => ({
        name: upstream,
        owed: Number(counts.owed),
        oldest: oldest === null ? null : storedTime(oldest),
        tries: Number(counts.tries),
        lastFailure: counts.lastFailure,
        setAside: Number(counts.setAside),
        acknowledged: Number(counts.acknowledged),
        pending: Number(counts.pending),
        leasedUntil: storedTime(leasedUntil),
        owes: owes.map(({ currency, amount }) => money(amount, currency)),
        live: liveAnswer(live.get(upstream)),
      })),
    }
  },
  async 'upstreams.setAside'({ office, actor }) {
    const items = await listSetAside(office, actor)
    if (isRefused(items)) return items
    return {
      items: items.map(({ transactionId, upstream, kind, tries, why, terminal, ...item }) => ({
        transaction: String(transactionId),
        upstream,
        kind,
        owedSince: time(item.owedSince),
        setAsideAt: time(item.setAsideAt),
        tries,
        why,
        card: item.shown,
        amount: item.currency === null ? null : money(item.amount, item.currency),
        store: storeNamed(office, item.store),
        terminal,
        case: item.caseId === null ? null : { id: String(item.caseId), open: item.isOpen },
      })),
    }
  },
}
