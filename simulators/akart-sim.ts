#!/usr/bin/env node
import yargs, { type ArgumentsCamelCase, type Argv, type CommandModule } from 'yargs'
import { hideBin } from 'yargs/helpers'
import { colouredWithoutControls } from '../src/text/controls.ts'
import { usageMessage } from '../src/text/usage-message.ts'
import { SetUpError } from './set-up-error.ts'
import { version } from './version.ts'

/** Removes control characters from messages, files and output of programs, so that they cannot control the terminal. */
const print = (line: string) => void process.stdout.write(`${colouredWithoutControls(line)}\n`)
const tell = (line: string) => void process.stderr.write(`${colouredWithoutControls(line)}\n`)
// The reader of a pipe, as in `akart-sim … | head`, has ended.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code !== 'EPIPE') throw problem
  process.exit()
})

/** The return value of `run` is the exit code. */
const command = <Options>(
  usage: string,
  describe: string,
  builder: (args: Argv) => Argv<Options>,
  run: (args: ArgumentsCamelCase<Options>) => number | Promise<number>,
): CommandModule<object, Options> => ({
  command: usage,
  describe,
  builder,
  handler: async (args) => void (process.exitCode = await run(args)),
})

/** In the order of `akart-sim --help`. Each is loaded only where it is named: half of the time until a command begins. */
const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  async run() {
    const { runCommand, runOptions } = await import('./commands/run.ts')
    const what = 'Play scenarios and compare the answers with what they expect'
    return command('run [files..]', what, runOptions, (args) => runCommand(args, print))
  },
  async send() {
    const { sendCommand, sendOptions } = await import('./commands/send.ts')
    const what = 'Send one message and print request and answer field by field'
    return command('send [operation]', what, sendOptions, (args) => sendCommand(args, print))
  },
  async sent() {
    const { sentCommand, sentOptions } = await import('./commands/sent.ts')
    return command('sent', 'List the messages that send has sent', sentOptions, (args) => sentCommand(args, print))
  },
  async record() {
    const { recordCommand, recordOptions } = await import('./commands/record.ts')
    const { toldToEnd } = await import('./commands/wait-for-end.ts')
    const what = 'Record the traffic between terminals and a switch as a scenario'
    return command('record [capture]', what, recordOptions, (args) => recordCommand(args, print, tell, toldToEnd))
  },
  async schema() {
    const { scenarioSchema } = await import('./scenario/schema.ts')
    const show = (): number => {
      print(JSON.stringify(scenarioSchema(), null, 2))
      return 0
    }
    return command('schema', 'Print the JSON schema of scenario files, for editors', (args) => args, show)
  },
  async load() {
    const { loadOptions, typedLoad } = await import('./commands/load.ts')
    const what = 'Load test with many terminals: throughput, latencies, response codes'
    return command('load [action] [files..]', what, loadOptions, (args) => typedLoad(args, print))
  },
  async describe() {
    const { describeCommand, describeOptions } = await import('./commands/describe.ts')
    const what = 'Print a message, a file of messages or a capture field by field'
    return command('describe <input> [more..]', what, describeOptions, (args) =>
      describeCommand(
        { ...args, textCharset: args['text-charset'], input: [args.input || '-', ...args.more] },
        process.stdin,
        print,
      ),
    )
  },
  async fuzz() {
    const { fuzzCommand, fuzzOptions } = await import('./commands/fuzz.ts')
    const what = 'Send malformed frames beside a well-behaved terminal'
    return command('fuzz', what, fuzzOptions, (args) => fuzzCommand(args, print))
  },
  async terminal() {
    const { terminalCommand, terminalOptions } = await import('./commands/terminal.ts')
    return command('terminal', 'Run a terminal on the whole screen', terminalOptions, (args) =>
      terminalCommand(args, process.stdin, process.stdout),
    )
  },
  async conformance() {
    const { conformanceCommand, conformanceOptions } = await import('./commands/conformance.ts')
    const what = 'Test whether a switch or a terminal conforms to the interface, by section'
    return command('conformance [of]', what, conformanceOptions, (args) => conformanceCommand(args, print))
  },
  async host() {
    const { hostCommand, hostOptions } = await import('./commands/host.ts')
    return command('host', 'Simulate an upstream host, with faults', hostOptions, (args) => hostCommand(args, print))
  },
  async shop() {
    const { shopCommand, shopOptions } = await import('./commands/shop.ts')
    const what = 'Run a small web shop: basket, gift cards, refunds, live webhooks'
    return command('shop', what, shopOptions, (args) => shopCommand(args, print))
  },
  async gremlin() {
    const { gremlinCommand, gremlinOptions } = await import('./commands/gremlin.ts')
    const what = 'Simulate a faulty network: cuts, delays, reordering'
    return command('gremlin', what, gremlinOptions, (args) => gremlinCommand(args, print))
  },
}

/** The command that is named first; all commands where none is, for help and errors. */
async function commandsFor([first = '']: readonly string[]): Promise<CommandModule[]> {
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  const loaded = await Promise.all((named === undefined ? Object.values(COMMANDS) : [named]).map((load) => load()))
  return loaded as CommandModule[]
}

/** An error that the user can correct; yargs has its own error for invalid arguments. */
const isTyped = (problem: Error | undefined): boolean => problem instanceof SetUpError || problem?.name === 'YError'

/** The first line of the help of what was typed. */
function usageLineOf(parser: Argv): string {
  let help = ''
  parser.showHelp((text) => (help = text))
  return help.split('\n', 1)[0] ?? ''
}

const words = hideBin(process.argv)
await yargs(words)
  .scriptName('akart-sim')
  .usage('$0 <command>\n\nTerminals that talk to an Akart switch, and the hosts behind it')
  .command(await commandsFor(words))
  .recommendCommands()
  .completion('completion', 'a script that lets the shell complete commands: akart-sim completion >> ~/.bashrc')
  .version(version())
  .demandCommand(1, 'a command is missing, for example: akart-sim send echo')
  .strict()
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message: string | null, problem: Error | undefined, parser) => {
    const known = isTyped(problem) ? problem?.message : problem?.stack
    const usage = (): string => usageMessage({ message: message ?? '', usage: usageLineOf(parser), words })
    process.stderr.write(`${colouredWithoutControls(known ?? usage())}\n`)
    // An internal error is not the user's mistake.
    process.exit(problem === undefined || problem === null || isTyped(problem) ? 2 : 1)
  })
  .parseAsync()
