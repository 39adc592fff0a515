import type { CommandModule } from 'yargs'
import { isScope, type Scope, SCOPES } from '../office/api-key.ts'
import { addApiKey, listApiKeys, revokeApiKey } from '../office/shops.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart api-key`: the API keys of web shops. */
export const apiKeyCommand: CommandModule = {
  command: 'api-key',
  describe: 'API keys of web shops: add (the key is shown once), list, revoke',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(revokeCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, list or revoke'),
  handler: () => {},
}

type Add = Home &
  Who & {
    shop: string
    name: string
    scopes?: string
    publishable: boolean
    origin: readonly string[]
    from: readonly string[]
    until?: string
  }

const addCommand: CommandModule<object, Add> = {
  command: 'add <shop>',
  describe: 'Make an API key. The key is printed once and cannot be shown again',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('shop', { type: 'string', demandOption: true, describe: 'code of the shop' })
      .option('name', { type: 'string', default: 'key', requiresArg: true, describe: 'name of the key' })
      .option('scopes', { type: 'string', requiresArg: true, describe: `of ${SCOPES.join(',')}` })
      .option('publishable', {
        type: 'boolean',
        default: false,
        describe: 'for browsers: the key can only make card tokens',
      })
      .option('origin', {
        type: 'string',
        array: true,
        default: [],
        describe: 'web origin that may use a publishable key',
      })
      .option('from', { type: 'string', array: true, default: [], describe: 'networks that the key may be used from' })
      .option('until', {
        type: 'string',
        requiresArg: true,
        describe: 'when the key expires, for example 2027-01-31T00:00Z',
      }) as never,
  async handler({ home, who, shop, name, scopes, publishable, origin, from, until }) {
    const input = {
      shop,
      name,
      kind: publishable ? ('publishable' as const) : ('secret' as const),
      scopes: scopesIn(scopes),
      origins: origin.map(readOrigin),
      networks: from,
      expiresAt: until === undefined ? null : readTime(until),
    }
    const { key, record, waits } = await withOffice(home, who, (office, actor) => addApiKey(office, actor, input))
    console.log(key)
    console.error(`key ${record.id} of shop ${shop}: keep it now, it is not shown again`)
    if (waits !== null) {
      console.error(
        `approval ${waits}: requests with it get 401 until an accountant approves it, in AkartMenu under Approvals`,
      )
    }
  },
}

function scopesIn(text = ''): Scope[] {
  const words = text.split(',').filter((word) => word !== '')
  return words.map((word) => {
    if (isScope(word)) return word
    throw new UsageError(`--scopes takes words of ${SCOPES.join(', ')}; ${word} is none`)
  })
}

function readOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text
  throw new UsageError(`--origin takes a scheme and a host, as https://shop.example; ${text} is not one`)
}

function readTime(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new UsageError(`--until takes a time, as 2027-01-31T00:00Z; ${text} is none`)
  return at
}

const listCommand: CommandModule<object, Home & Json & { shop: string }> = {
  command: 'list <shop>',
  describe: 'List the API keys of a shop, newest first',
  builder: (yargs) =>
    withJson(withHome(yargs)).positional('shop', {
      type: 'string',
      demandOption: true,
      describe: 'code of the shop',
    }),
  async handler({ home, shop, json }) {
    const keys = await withOffice(home, READER, (office, actor) => listApiKeys(office, actor, { shop }))
    const stateOf = ({ revokedAt, expiresAt, waiting }: (typeof keys)[number]): string =>
      revokedAt !== null
        ? 'revoked'
        : waiting
          ? 'waiting'
          : expiresAt !== null && expiresAt <= Date.now()
            ? 'ended'
            : 'good'
    printList(keys, json, {
      columns: [
        ['KEY', ({ id }) => String(id), 'right'],
        ['KIND', ({ kind }) => kind],
        ['ENDS WITH', ({ ending }) => `…${ending}`],
        ['STATE', stateOf],
        ['NAME', ({ name }) => name],
        ['SCOPES OR ORIGINS', ({ scopes, origins }) => [...scopes, ...origins].join(' ')],
      ],
      none: 'no keys',
      toJson: (key) => ({ ...key, digest: undefined }),
    })
  },
}

const revokeCommand: CommandModule<object, Home & Who & { key: number; reason: string }> = {
  command: 'revoke <key>',
  describe: 'Revoke an API key: requests with it are answered 401 from now on',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('key', { type: 'number', demandOption: true, describe: 'number of the key, from akart api-key list' })
      .option('reason', { type: 'string', demandOption: true, requiresArg: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))) as never,
  async handler({ home, who, key, reason }) {
    const { shop, name } = await withOffice(home, who, (office, actor) =>
      revokeApiKey(office, actor, { id: key, reason }),
    )
    console.log(`key ${key} (${name}) of shop ${shop}: revoked`)
  },
}
