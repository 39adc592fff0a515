#!/usr/bin/env node
import yargs, { type Argv } from 'yargs'
import { hideBin } from 'yargs/helpers'
import { TEXT_SETS } from '../src/iso8583/text-set.ts'
import { colouredWithoutControls } from '../src/text/controls.ts'
import { conformanceCommand, conformanceOptions } from './commands/conformance.ts'
import { describeCommand } from './commands/describe.ts'
import { fuzzCommand, fuzzOptions } from './commands/fuzz.ts'
import { gremlinCommand, gremlinOptions } from './commands/gremlin.ts'
import { hostCommand, hostOptions } from './commands/host.ts'
import { loadOptions, typedLoad } from './commands/load.ts'
import { recordCommand, recordOptions } from './commands/record.ts'
import { runCommand, runOptions } from './commands/run.ts'
import { sendCommand, sendOptions } from './commands/send.ts'
import { sentCommand, sentOptions } from './commands/sent.ts'
import { terminalCommand, terminalOptions } from './commands/terminal.ts'
import { toldToEnd } from './commands/wait-for-end.ts'
import { scenarioSchema } from './scenario/schema.ts'
import { SetUpError } from './set-up-error.ts'
import { version } from './version.ts'

/** What messages, files and programs say does not steer the terminal that it is shown on. */
const print = (line: string) => void process.stdout.write(`${colouredWithoutControls(line)}\n`)
const tell = (line: string) => void process.stderr.write(`${colouredWithoutControls(line)}\n`)
const exitWith = async (code: Promise<number>) => void (process.exitCode = await code)
// `akart-sim … | head` has seen enough.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code !== 'EPIPE') throw problem
  process.exit()
})

const describeOptions = <T>(args: Argv<T>) =>
  args
    .positional('input', { type: 'string', demandOption: true, describe: 'HEX, base64, a FILE, or - (standard input)' })
    .positional('more', { type: 'string', array: true, default: [] as string[], describe: 'hex with spaces' })
    .option('profile', { type: 'string', describe: 'NAME or FILE.yaml instead of the one that fits best' })
    .option('length', {
      choices: ['auto', 'none', 'be2', 'be2-inclusive', 'ascii4'] as const,
      default: 'auto' as const,
      describe: 'how the length stands before each message',
    })
    .option('tpdu', {
      type: 'string',
      choices: ['auto', 'none', '5'] as const,
      default: 'auto' as const,
      describe: 'whether a TPDU of 5 bytes stands there too',
    })
    .option('text-charset', { choices: TEXT_SETS, describe: 'what DE63 is in; as all text unless given' })
    .option('port', { type: 'number', array: true, default: [] as number[], describe: 'of a capture, only this port' })
    .option('json', { type: 'boolean', default: false, describe: 'for programs: one object per message, masked' })
    .example('$0 describe 0800 8220…', 'hex or base64, with or without a length before it')
    .example('$0 describe talk.pcap --port 8583', 'a capture; - is standard input')

await yargs(hideBin(process.argv))
  .scriptName('akart-sim')
  .usage('$0 <command>: terminals that talk to an Akart switch')
  .command('run [files..]', 'play scenarios and hold the answers against what they expect', runOptions, (args) =>
    exitWith(runCommand(args, print)),
  )
  .command('send [operation]', 'send one message and see the talk field by field', sendOptions, (args) =>
    exitWith(sendCommand(args, print)),
  )
  .command('sent', 'what send has sent', sentOptions, (args) => void (process.exitCode = sentCommand(args, print)))
  .command('record [capture]', 'a talk between terminals and a switch as a scenario', recordOptions, (args) =>
    exitWith(recordCommand(args, print, tell, toldToEnd)),
  )
  .command(
    'schema',
    'the JSON schema of scenario files, for editors',
    (args) => args,
    () => print(JSON.stringify(scenarioSchema(), null, 2)),
  )
  .command(
    'load [action] [files..]',
    'many tills at once: throughput, latencies, response codes',
    loadOptions,
    (args) => exitWith(typedLoad(args, print)),
  )
  .command(
    'describe <input> [more..]',
    'a message, a file of them or a capture, field by field',
    describeOptions,
    (args) =>
      exitWith(
        describeCommand(
          { ...args, textCharset: args['text-charset'], input: [args.input || '-', ...args.more] },
          process.stdin,
          print,
        ),
      ),
  )
  .command(
    'fuzz',
    'frames that are wrong in every way, and a terminal in good order beside them',
    fuzzOptions,
    (args) => exitWith(fuzzCommand(args, print)),
  )
  .command('terminal', 'a till on the whole screen', terminalOptions, (args) =>
    exitWith(terminalCommand(args, process.stdin, process.stdout)),
  )
  .command(
    'conformance [of]',
    'what a switch or a terminal has to do, by section of the interface',
    conformanceOptions,
    (args) => exitWith(conformanceCommand(args, print)),
  )
  .command('host', 'an upstream host that can be told to fail', hostOptions, (args) =>
    exitWith(hostCommand(args, print)),
  )
  .command('gremlin', 'a network that cuts, delays and mixes up', gremlinOptions, (args) =>
    exitWith(gremlinCommand(args, print)),
  )
  .version(version())
  .demandCommand(1, 'Which command?')
  .strict()
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message: string | null, problem: Error | undefined) => {
    const known = problem instanceof SetUpError ? problem.message : problem?.stack
    process.stderr.write(`${colouredWithoutControls(known ?? `${message}\nSee: akart-sim --help`)}\n`)
    process.exit(2)
  })
  .parseAsync()
