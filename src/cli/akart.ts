#!/usr/bin/env node
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { forbidDumps } from '../app/no-dumps.ts'
import { isSetUpError } from '../config/set-up-error.ts'
import { cardKeyCommand } from './card-key.ts'
import { cardCommand } from './card.ts'
import { casesCommand } from './cases.ts'
import { certificatesCommand } from './certificates.ts'
import { counterpartyCommand } from './counterparty.ts'
import { initCommand } from './init.ts'
import { issueCommand } from './issue.ts'
import { keysCommand } from './keys.ts'
import { ledgerCommand } from './ledger.ts'
import { packCommand } from './pack.ts'
import { signOnCommand } from './sign-on.ts'
import { upCommand } from './up.ts'
import { upstreamsCommand } from './upstreams.ts'
import { UsageError } from './usage-error.ts'

try {
  forbidDumps()
  await yargs(hideBin(process.argv))
    .scriptName('akart')
    .usage('$0 <command>\n\nGift cards for retail chains: an ISO 8583 switch and its ledger')
    .command(upCommand)
    .command(initCommand)
    .command(ledgerCommand)
    .command(cardCommand)
    .command(casesCommand)
    .command(counterpartyCommand)
    .command(packCommand)
    .command(cardKeyCommand)
    .command(issueCommand)
    .command(certificatesCommand)
    .command(keysCommand)
    .command(signOnCommand)
    .command(upstreamsCommand)
    .demandCommand(1, 'Say what to do, for example: akart up')
    .strict()
    .fail((message, error, parser) => {
      if (error !== undefined && error !== null) throw error
      parser.showHelp('error')
      throw new UsageError(message)
    })
    .help()
    .parseAsync()
  // What still runs now (a line that does not close) must not keep a finished command alive.
  process.exit(process.exitCode ?? 0)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(error instanceof UsageError || isSetUpError(error) ? `akart: ${message}` : error)
  process.exit(error instanceof UsageError ? 2 : 1)
}
