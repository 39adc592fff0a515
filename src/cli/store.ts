import type { Argv, CommandModule } from 'yargs'
import { currencyOf } from '../core/currency.ts'
import { importStores } from '../office/registry-import.ts'
import { readNewStore, readStoreChange } from '../office/registry-settings.ts'
import { addStore, changeStore, findStore, listStores } from '../office/stores.ts'
import { importCommand } from './registry-import.ts'
import { codeOf, mustSaySomething, givenOf, withRegistrySettings } from './registry-options.ts'
import { changedLines, changeLines, changesAsJson } from './registry-text.ts'
import { type Json, printList, withJson } from './listing.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart store`: where cards are sold and accepted. */
export const storeCommand: CommandModule = {
  command: 'store',
  describe: 'Stores: add, import, list, show, set, close and reopen',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(importCommand('store', 'store, name, currency, time-zone, language', importStores) as CommandModule)
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(setCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, import, list, show or set'),
  handler: () => {},
}

type Of = Home & { store: string }

const withStore = <T>(yargs: Argv<T>): Argv<T & Of> =>
  withHome(yargs).positional('store', { type: 'string', demandOption: true, describe: 'store code, DE42' }) as Argv<
    T & Of
  >

const addCommand: CommandModule<object, Of & Who> = {
  command: 'add <store>',
  describe: 'Add a store, open, with its ledger accounts',
  builder: (yargs) => withRegistrySettings(withWho(withStore(yargs)), 'new', 'store'),
  async handler({ home, who, ...options }) {
    const store = givenOf('store', options, readNewStore)
    await withOffice(home, who, (office, actor) => addStore(office, actor, store))
    console.log(`store ${store.code}: open. Next: akart terminal add TERMINAL --store ${store.code}`)
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List stores, by code',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const stores = await withOffice(home, READER, listStores)
    printList(stores, json, {
      columns: [
        ['STORE', ({ code }) => code],
        ['STATE', ({ state }) => state],
        ['CURRENCY', ({ currency }) => currencyText(currency)],
        ['TIME ZONE', ({ timeZone }) => timeZone],
        ['LANGUAGE', ({ language }) => language],
        ['TERMINALS', ({ terminals }) => String(terminals), 'right'],
        ['NAME', ({ name }) => name],
      ],
      none: 'no stores',
    })
  },
}

const showCommand: CommandModule<object, Of & Json> = {
  command: 'show <store>',
  describe: 'Show a store and its changes',
  builder: (yargs) => withJson(withStore(yargs)),
  async handler({ home, store: code, json }) {
    const input = { store: codeOf('store', code) }
    const { store, changes } = await withOffice(home, READER, (office, actor) => findStore(office, actor, input))
    if (json) return console.log(JSON.stringify({ ...store, changes: changesAsJson(changes) }))
    const lines = {
      store: `${store.code}, ${store.state}`,
      name: store.name,
      currency: currencyText(store.currency),
      'time zone': store.timeZone,
      language: store.language,
      terminals: String(store.terminals),
    }
    for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(14)}${value}`)
    for (const line of changeLines(changes)) console.log(line)
  },
}

const setCommand: CommandModule<object, Of & Who> = {
  command: 'set <store>',
  describe: 'Change a store; what is not given stays. Requests of a closed store are answered 03 STORE',
  builder: (yargs) =>
    withRegistrySettings(withWho(withStore(yargs)), 'change', 'store').check((options) =>
      mustSaySomething('store', options),
    ),
  async handler({ home, who, store: code, ...options }) {
    const input = { store: codeOf('store', code), change: givenOf('store', options, readStoreChange) }
    const changed = await withOffice(home, who, (office, actor) => changeStore(office, actor, input))
    for (const line of changedLines(`store ${code}`, changed, changed.store.state === 'open')) console.log(line)
  },
}

const currencyText = (currency: number): string =>
  `${String(currency).padStart(3, '0')} ${currencyOf(currency).letters}`
