import type { Argv, CommandModule } from 'yargs'
import { namesIn } from '../app/certificate-file.ts'
import { bindCertificate, type Binding, listBindings, unbindCertificate } from '../office/certificates.ts'
import { type Json, printList, withJson } from './listing.ts'
import { waitsForSecond } from './waiting.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { done, READER, withOffice } from './with-office.ts'

type Bound = Home & Who & { file: string; terminal: string | undefined; store: string | undefined; by: Binding['by'] }

const NAMED_BY = ['fingerprint', 'subject'] as const

const bound = (yargs: Argv): Argv<Bound> =>
  withWho(withHome(yargs))
    .positional('file', { type: 'string', demandOption: true, describe: 'the certificate, PEM or DER' })
    .option('terminal', { type: 'string', describe: 'DE41 of the terminal' })
    .option('store', { type: 'string', describe: 'DE42 of the store: all its terminals' })
    .option('by', {
      choices: NAMED_BY,
      default: 'fingerprint' as const,
      describe: 'fingerprint: this certificate only; subject: its renewals too',
    })
    .check(({ terminal, store }) => {
      if ((terminal === undefined) === (store === undefined)) throw new UsageError('give either --terminal or --store')
      return true
    })

/** `akart certificates`: which client certificate a terminal's line must show. */
export const certificatesCommand: CommandModule = {
  command: 'certificates',
  describe: 'Client certificates of terminal connections: bind, unbind, list',
  builder: (yargs) =>
    yargs
      .command(bindCommand as CommandModule)
      .command(unbindCommand as CommandModule)
      .command(listCommand as CommandModule)
      .demandCommand(1, 'a command is missing: bind, unbind or list'),
  handler: () => {},
}

const bindCommand: CommandModule<object, Bound> = {
  command: 'bind <file>',
  describe: 'Bind a certificate: a terminal, or all terminals of a store, is served only on connections with it',
  builder: bound,
  async handler(given) {
    const binding = await bindingOf(given)
    const { waits } = await withOffice(given.home, given.who, (office, actor) =>
      bindCertificate(office, actor, binding),
    )
    console.log(waits === null ? `bound: ${shown(binding)}` : waitsForSecond(`terminal-${waits}`))
  },
}

const unbindCommand: CommandModule<object, Bound> = {
  command: 'unbind <file>',
  describe: 'Remove a binding; after the last one, other connections serve the terminal again',
  builder: bound,
  async handler(given) {
    const binding = await bindingOf(given)
    const { waits } = await withOffice(given.home, given.who, (office, actor) =>
      unbindCertificate(office, actor, binding),
    )
    console.log(waits === null ? `no longer bound: ${shown(binding)}` : waitsForSecond(`terminal-${waits}`))
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List bindings',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listBindings), json, {
      columns: [
        ['WHAT', ({ what }) => what],
        ['CODE', ({ code }) => code],
        ['BY', ({ by }) => by],
        ['NAME', ({ name }) => name],
      ],
      none: 'no certificate is bound',
    })
  },
}

async function bindingOf({ file, terminal, store, by }: Bound): Promise<Binding> {
  const names = done(await namesIn(file))
  const what = terminal === undefined ? ('store' as const) : ('terminal' as const)
  return { what, code: terminal ?? store ?? '', by, name: names[by] }
}

const shown = ({ what, code, by, name }: Binding): string => `${what.padEnd(8)}  ${code.padEnd(15)}  ${by}  ${name}`
