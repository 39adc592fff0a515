import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Argv } from 'yargs'
import { readCapture } from '../describe/capture.ts'
import { framings } from '../describe/frames.ts'
import { ownProfiles, profileNamed } from '../describe/profiles.ts'
import { startProxy } from '../record/proxy.ts'
import { seenIn } from '../record/from-capture.ts'
import { scenarioOf } from '../record/scenario-of.ts'
import { type Seen, talkIn } from '../record/talk.ts'
import { writeText } from '../report/files.ts'
import { SetUpError } from '../set-up-error.ts'
import type { LineOptions } from '../setup/line-options.ts'
import { listenerTls, parseListen } from '../setup/listen-setup.ts'
import { lineSetup } from '../setup/line-setup.ts'
import { withLine } from '../setup/options.ts'
import { overTillFile } from '../setup/till-file.ts'
import { fileErrorText } from '../../src/text/file-error.ts'

export type RecordOptions = LineOptions & {
  /** A capture; undefined: a proxy. */
  capture: string | undefined
  listen: string
  listenCert: string | undefined
  listenKey: string | undefined
  port: number[]
  out: string | undefined
  title: string | undefined
  silence: 'unread' | 'none'
  pauses: boolean
  /** For a proxy: the number of answers after which it ends; undefined: until it is stopped. */
  requests: number | undefined
}

export const recordOptions = <T>(args: Argv<T>) =>
  withLine(args)
    .positional('capture', {
      type: 'string',
      describe: 'FILE.pcap or .pcapng; default: record as a proxy before --target',
    })
    .option('listen', { type: 'string', default: '127.0.0.1:8602', describe: 'HOST:PORT that terminals connect to' })
    .option('listen-cert', { type: 'string', describe: 'FILE.pem, if terminals connect with TLS' })
    .option('listen-key', { type: 'string', describe: 'FILE.pem' })
    .option('port', { type: 'number', array: true, default: [] as number[], describe: 'only this port of a capture' })
    .option('out', { type: 'string', describe: 'FILE.yaml; default: standard output' })
    .option('title', { type: 'string', describe: 'title of the scenario' })
    .option('silence', {
      choices: ['unread', 'none'] as const,
      default: 'unread' as const,
      describe: 'expectation where no answer was recorded: ignore, or none may come',
    })
    .option('requests', { type: 'number', describe: 'end the proxy after this number of answered requests' })
    .option('pauses', { type: 'boolean', default: false, describe: 'keep pauses of a second and more' })
    .example('$0 record --listen 127.0.0.1:8602 --target 127.0.0.1:8583 --out talk.yaml', 'until Ctrl-C')
    .example(
      '$0 record field.pcap --port 8583 --out talk.yaml',
      'a capture; then: akart-sim run talk.yaml --cards C.csv',
    )

const MAX_FRAME = 65_535

function fromCapture(file: string, options: RecordOptions): readonly Seen[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (problem) {
    throw new SetUpError(`${file}: ${fileErrorText(problem)}`)
  }
  const capture = readCapture(bytes)
  if (capture === null) throw new SetUpError(`${file}: neither pcap nor pcapng`)
  const { profile, length, tpdu } = overTillFile(options)
  const profiles = ownProfiles()
  return seenIn(capture, options.port, {
    profiles,
    named: profile === undefined ? null : profileNamed(profile, profiles),
    choice: framings({
      ...(length !== undefined && { length }),
      ...(tpdu !== undefined && { tpdu: tpdu === 'none' ? 'none' : 5 }),
    }),
  })
}

async function fromProxy(options: RecordOptions, write: Write, until: Promise<void>): Promise<readonly Seen[]> {
  // A proxy needs no terminals and keys; it uses only the options of the line.
  const { peer } = lineSetup({
    ...overTillFile(options),
    till: undefined,
    terminal: 'PROXY',
    store: '-',
    mac: undefined,
    macKey: undefined,
  })
  const tls = listenerTls({ tlsCert: options.listenCert, tlsKey: options.listenKey })
  let enough = () => {}
  const answered = new Promise<void>((resolve) => (enough = resolve))
  const changed = () => {
    const { requests } = options
    if (requests === undefined) return
    if (talkIn(proxy.seen()).asked.filter(({ answer }) => answer !== null).length >= requests) enough()
  }
  const listen = parseListen(options.listen)
  const proxy = await startProxy({ listen, tls, peer, maxFrame: MAX_FRAME, now: Date.now, changed })
  write(`ready record=${listen.host}:${proxy.port}; Ctrl-C ends it and writes the scenario`)
  await Promise.race([until, answered])
  await proxy.stop()
  return proxy.seen()
}

type Write = (line: string) => void

/** `akart-sim record`: writes a conversation as a scenario. Exit code 0 if there was one; `tell` receives notes. */
export async function recordCommand(
  options: RecordOptions,
  write: Write,
  tell: Write,
  until: () => Promise<void>,
): Promise<number> {
  const { capture, out, silence, pauses } = options
  const seen = capture === undefined ? await fromProxy(options, tell, until()) : fromCapture(capture, options)
  const talk = talkIn(seen)
  if (talk.asked.length === 0) {
    tell('no request was seen: nothing is written')
    return 1
  }
  const source = capture === undefined ? 'a proxy' : basename(capture)
  const text = scenarioOf(talk, { title: options.title ?? `Recorded from ${source}`, source, silence, pauses })
  if (out === undefined) write(text.trimEnd())
  else {
    writeText('out', out, text)
    tell(`${talk.asked.length} requests are in ${out}; play them with: akart-sim run ${out}`)
  }
  return 0
}
