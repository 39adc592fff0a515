import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Argv } from 'yargs'
import { SetUpError } from '../set-up-error.ts'
import { startShop } from '../shop/server.ts'
import { toldToEnd } from './wait-for-end.ts'
import { portOf } from './whole.ts'

export type ShopOptions = { web: string; port: number; home: string; key: string | undefined }

export const shopOptions = <T>(args: Argv<T>) =>
  args
    .option('web', { type: 'string', default: 'http://127.0.0.1:8081', describe: 'URL of AkartWeb' })
    .option('port', { type: 'number', default: 8090, describe: '0: a free one' })
    .option('home', { type: 'string', default: '.akart', describe: 'home directory of the demo' })
    .option('key', { type: 'string', describe: 'secret API key; default: that of the demo' })
    .example('$0 shop', 'a basket to pay by a card of .akart/demo/cards.csv')

/** Serves until it is stopped. */
export async function shopCommand(options: ShopOptions, print: (line: string) => void): Promise<number> {
  const key = options.key ?? demoKey(options.home)
  const shop = await startShop({ web: options.web.replace(/\/$/u, ''), key, port: portOf('port', options.port) })
  print(`ready shop=${shop.url} back-room=${shop.url}/back-room`)
  await toldToEnd()
  await shop.stop()
  return 0
}

function demoKey(home: string): string {
  const file = join(home, 'demo', 'api-keys.csv')
  const key = /^webshop,([^,\r\n]+)/mu.exec(readOr(file))?.[1]
  if (key === undefined) throw new SetUpError(`${file} has no key of the demo’s shop: name one by --key`)
  return key
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new SetUpError(`${file} cannot be read: name the demo’s home by --home, or a key by --key`)
  }
}
