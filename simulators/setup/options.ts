import type { Argv } from 'yargs'
import { confirmations, macMethods } from '../demo/terminals.ts'
import { frameLengths } from '../terminal/framing.ts'

/** The options of a line for every command that talks to a switch. Absent ones come from `--till`, or have defaults. */
export const withLine = <T>(args: Argv<T>) =>
  args
    .option('till', { type: 'string', describe: 'FILE.yaml with these options, without their dashes' })
    .option('target', { type: 'string', describe: 'HOST:PORT of the switch; default: 127.0.0.1:8583' })
    .option('home', { type: 'string', describe: 'home directory of `akart up`; default: .akart' })
    .option('cards', { type: 'string', describe: 'FILE.csv instead of HOME/demo/cards.csv' })
    .option('profile', { type: 'string', describe: 'NAME or FILE.yaml; default: iso87-ascii' })
    .option('length', { choices: frameLengths, describe: 'length before each message; default: be2' })
    .option('tpdu', { type: 'string', describe: 'none, 5, or its 5 bytes in hex; default: none' })
    .option('tls', { type: 'boolean', describe: 'connect with TLS' })
    .option('tls-ca', { type: 'string', describe: "FILE.pem of the CA of the server's certificate" })
    .option('tls-cert', { type: 'string', describe: 'FILE.pem of the client certificate, with --tls-key' })
    .option('tls-key', { type: 'string', describe: 'FILE.pem' })
    .option('tls-name', { type: 'string', describe: "name in the server's certificate, if it differs from the target" })
    .option('tls-verify', { type: 'boolean', describe: '--no-tls-verify accepts any certificate' })
    .option('terminal', { type: 'string', describe: 'DE41: one of terminals.csv; with --store any' })
    .option('store', { type: 'string', describe: 'DE42 of a terminal that terminals.csv does not have' })
    .option('confirmation', {
      choices: confirmations,
      describe: 'confirmation policy of the terminal; default: explicit',
    })
    .option('mac', { choices: macMethods, describe: 'MAC method of the terminal' })
    .option('mac-key', { type: 'string', describe: 'FILE with the key in hex, or the hex digits' })
    .option('currency', { type: 'string', describe: 'DE49; default: 985' })

/** `--terminals`, where that is a file and not a number of tills. */
export const withTerminals = <T>(args: Argv<T>) =>
  args.option('terminals', { type: 'string', describe: 'FILE.csv instead of HOME/demo/terminals.csv' })

/** For commands that need a card. */
export const withCard = <T>(args: Argv<T>) =>
  args
    .option('card', {
      type: 'string',
      describe:
        'of the demo set a state: sellable, sold, sold:3; else NUMBER, track 1 or 2, or a FILE with one of them',
    })
    .option('tracks', {
      type: 'string',
      describe: 'tracks of a card given by number: track 2, or track 1 and 2 separated by a comma',
    })
    .option('ecode', { type: 'string', describe: 'eCode of a card given by number' })
