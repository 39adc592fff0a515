import t from 'tap'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, type ConfigSources } from '../../src/config/read-config.ts'

const directory = await mkdtemp(join(tmpdir(), 'akart-config-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const file = join(directory, 'own.yaml')

const read = async (text: string, more: Partial<ConfigSources> = {}) => {
  await writeFile(file, text)
  return readConfig({ file, environment: {}, ...more })
}

/** The lines of the error, with the file's directory taken off. */
async function refused(text: string, more: Partial<ConfigSources> = {}): Promise<string[]> {
  const error: unknown = await read(text, more).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('no error')
  return error.message.replaceAll(`${directory}/`, '').split('\n')
}

t.test('the defaults are complete, and frozen', async (t) => {
  const config = await readConfig({ environment: {} })
  t.same(config, {
    confirmTimeoutSeconds: 120,
    lateConfirmWindowSeconds: 86_400,
    cancelWindowSeconds: null,
    timeZone: 'Europe/Warsaw',
    transmissionWindowDays: 30,
    settlingWindowDays: 90,
    expiryTime: '02:30',
    demoHistoryDays: 60,
    allowRoot: false,
    log: { level: 'info', file: null, maxSizeMegabytes: 100, maxFiles: 10 },
    http: { host: '127.0.0.1', port: 8082 },
    menu: { ...SITE, port: 8080, idleMinutes: 15, auditHeadTo: null },
    web: {
      ...SITE,
      port: 8081,
      theme: { name: 'Akart', logo: null, colours: { accent: null, accentDark: null } },
    },
    mail: { host: null, port: 587, tls: 'starttls', user: null, passwordFile: null, from: null },
    listeners: [LISTENER, { ...LISTENER, name: 'bcd', port: 8584, profile: 'iso87-bcd', tpdu: 5 }],
    maxLines: 20_000,
    perAddress: { lines: 20_000, newLines: null, refusalsPerMinute: 1000 },
    unknownNumbersPerMinute: 20,
    tracing: { endpoint: null, ratio: 1 },
    reports: { directories: [], mailDomains: [] },
    engine: { workers: 4, batchMax: 64, queueMax: 4096, queueWaitMs: 250, timeoutSeconds: 10 },
    upstreams: [],
    routes: [],
  })
  t.throws(() => Object.assign(config.engine, { workers: 1 }), TypeError)
  t.throws(() => Object.assign(config.listeners, [1]), TypeError)
})

const SITE = { host: '127.0.0.1', tls: { certificate: null, key: null }, publicUrl: null, trustProxy: [] }

const LISTENER = {
  name: 'iso',
  host: '127.0.0.1',
  port: 8583,
  profile: 'iso87-ascii',
  length: 'be2',
  tpdu: 'none',
  maxFrameBytes: 4096,
  idleTimeoutSeconds: 600,
  frameTimeoutSeconds: 10,
  maxBadFrames: 10,
  maxLines: 20_000,
  maxInFlightPerLine: 256,
  backlog: 4096,
  tls: 'off',
  certificate: null,
  key: null,
  ca: null,
  signOn: false,
  requireMac: false,
  proxyFrom: [],
}

t.test('layers: file over default, environment over file, flags over all', async (t) => {
  const text =
    'confirmTimeoutSeconds: 60\nengine: {workers: 2}\nlisteners:\n- {name: a, port: 1}\n- {name: b, port: 2, maxFrameBytes: 512}\n'
  const config = await read(text, {
    environment: {
      AKART_CONFIRM_TIMEOUT_SECONDS: '30',
      AKART_CANCEL_WINDOW_SECONDS: '90',
      AKART_ENGINE_BATCH_MAX: '16',
      AKART_LOG_LEVEL: 'warn',
      AKART_LOG_FILE: '/x/y',
      AKART_ALLOW_ROOT: 'true',
      AKART_TRACING_RATIO: '0.05',
    },
    flags: [
      { origin: '--iso-port', path: ['listeners', 0, 'port'], value: 0 },
      { origin: '--http-port', path: ['http', 'port'], value: 9 },
    ],
  })
  t.same(config.confirmTimeoutSeconds, 30)
  t.same(config.cancelWindowSeconds, 90)
  t.equal(config.allowRoot, true)
  t.equal(config.tracing.ratio, 0.05)
  t.same(config.engine, { workers: 2, batchMax: 16, queueMax: 4096, queueWaitMs: 250, timeoutSeconds: 10 })
  t.same(config.log, { level: 'warn', file: '/x/y', maxSizeMegabytes: 100, maxFiles: 10 })
  t.same(config.http, { host: '127.0.0.1', port: 9 })
  t.same(config.listeners, [
    { ...LISTENER, name: 'a', port: 0 },
    { ...LISTENER, name: 'b', port: 2, maxFrameBytes: 512 },
  ])
  t.equal((await read('', { environment: { AKART_LOG_FILE: '' } })).log.file, null, 'an empty file changes nothing')
})

t.test('a setting that was renamed works by its old name, with a warning', async (t) => {
  const warnings: string[] = []
  const warn = (text: string) => void warnings.push(text)
  t.equal((await read('engine: { patience: 7 }', { warn })).engine.timeoutSeconds, 7)
  t.equal((await read('', { warn, environment: { AKART_ENGINE_PATIENCE: '8' } })).engine.timeoutSeconds, 8)
  t.equal(
    (await read('engine: { patience: 7, timeoutSeconds: 9 }', { warn })).engine.timeoutSeconds,
    9,
    'the new name wins',
  )
  t.match(warnings, [
    /own\.yaml:1: engine\.patience is called engine\.timeoutSeconds now/,
    /^AKART_ENGINE_PATIENCE: engine\.patience is called/,
    /own\.yaml:1/,
  ])
})

t.test('so do settings in lists, those of each item', async (t) => {
  const warnings: string[] = []
  const warn = (text: string) => void warnings.push(text)
  const text =
    'listeners:\n- { name: a, port: 1, idleTimeout: 9 }\n- { name: b, port: 2, maxFrame: 512 }\ncancelWindow: null\n'
  const { listeners, cancelWindowSeconds } = await read(text, { warn })
  t.same(listeners, [
    { ...LISTENER, name: 'a', port: 1, idleTimeoutSeconds: 9 },
    { ...LISTENER, name: 'b', port: 2, maxFrameBytes: 512 },
  ])
  t.equal(cancelWindowSeconds, null)
  t.same(
    warnings.map((one) => one.replace(/;.*/, '').replace(`${directory}/`, '')),
    [
      'own.yaml:4: cancelWindow is called cancelWindowSeconds now',
      'own.yaml:3: listeners.1.maxFrame is called listeners.1.maxFrameBytes now',
      'own.yaml:2: listeners.0.idleTimeout is called listeners.0.idleTimeoutSeconds now',
    ],
  )
  t.same(await refused('listeners:\n- { name: a, port: 1, idleTimeout: 0 }\n'), [
    'own.yaml:2: listeners[0].idleTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is 0',
  ])
})

t.test('errors name file, line, setting and value', async (t) => {
  const rows: [string, string, string[], Partial<ConfigSources>?][] = [
    [
      'a zone that is none',
      'timeZone: Mars/Olympus',
      ['own.yaml:1: timeZone must be the name of a time zone, such as Europe/Warsaw; it is "Mars/Olympus"'],
    ],
    [
      'text for a number',
      'confirmTimeoutSeconds: soon',
      ['own.yaml:1: confirmTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is "soon"'],
    ],
    [
      'a fraction',
      'confirmTimeoutSeconds: 1.5',
      ['own.yaml:1: confirmTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is 1.5'],
    ],
    [
      'too large, in a list',
      'listeners:\n  - name: a\n    port: 1\n  - name: b\n    port: 70000',
      ['own.yaml:5: listeners[1].port must be an integer from 0 to 65535 (port); it is 70000'],
    ],
    [
      'missing in a list',
      'engine: {}\nlisteners:\n  - host: 127.0.0.1\n    port: 1',
      ['own.yaml:3: listeners[0].name is missing; it must be a name of up to 32 small letters, digits and hyphens'],
    ],
    ['unknown', '\nhttp:\n  prot: 1', ['own.yaml:3: http.prot is not a setting; here belong host, port']],
    [
      'not one of',
      'log:\n  level: loud',
      ['own.yaml:2: log.level must be one of silent, error, warn, info, debug; it is "loud"'],
    ],
    ['a scalar for a mapping', 'http: 8080', ['own.yaml:1: http must be a mapping of settings; it is 8080']],
    [
      'a mapping for a list',
      'listeners: {name: a}',
      ['own.yaml:1: listeners must be a list of at least one listener; it is a mapping of name'],
    ],
    [
      'a site beyond loopback in the clear',
      'web:\n  host: 0.0.0.0',
      [
        'own.yaml:2: web.host must be a loopback address where web.tls has no certificate and no reverse proxy is named (web.publicUrl of https, web.trustProxy); it is "0.0.0.0"',
      ],
    ],
    [
      'a certificate without its key',
      'menu:\n  tls: {certificate: a.pem}',
      ['own.yaml:2: menu.tls must have certificate and key, or neither'],
    ],
    [
      'a proxy that is no network',
      'menu:\n  trustProxy: [10.0.0.0/33]',
      ['own.yaml:2: menu.trustProxy[0] must be an address, or a network as 10.0.0.0/8; it is "10.0.0.0/33"'],
    ],
    [
      'no listener',
      'listeners: []',
      ['own.yaml:1: listeners must be a list of at least one listener; it is an empty list'],
    ],
    ['an item that is none', 'listeners:\n- 5', ['own.yaml:2: listeners[0] must be a mapping of settings; it is 5']],
    [
      'one name twice',
      'listeners:\n- {name: a, port: 1}\n- {name: a, port: 2}',
      ['own.yaml:3: listeners[1].name must be unique; a is listeners[0] too'],
    ],
    [
      'TLS without its files',
      'listeners:\n- name: a\n  port: 1\n  tls: mutual\n  key: k.pem',
      [
        'own.yaml:2: listeners[0].certificate must be a PEM file where tls is mutual; it is null',
        'own.yaml:2: listeners[0].ca must be a PEM file where tls is mutual; it is null',
      ],
    ],
    [
      'networks that are none',
      'listeners:\n- name: a\n  port: 1\n  proxyFrom:\n  - 10.0.0.0/8\n  - 10.0.0.0/33\n  - proxy.example',
      [
        'own.yaml:6: listeners[0].proxyFrom[1] must be an address, or a network as 10.0.0.0/8; it is "10.0.0.0/33"',
        'own.yaml:7: listeners[0].proxyFrom[2] must be an address, or a network as 10.0.0.0/8; it is "proxy.example"',
      ],
    ],
    [
      'emptied',
      'confirmTimeoutSeconds:',
      ['own.yaml:1: confirmTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is null'],
    ],
    ['not a mapping', '- 1', ['own.yaml:1: must be a mapping of settings, as `confirmTimeoutSeconds: 120`']],
    [
      'a password that YAML takes for an alias',
      'http: {}\nmail:\n  passwordFile: *hunter2',
      ['own.yaml:3: what begins with * is put in quotes: unquoted it stands for an &anchor'],
    ],
    [
      'aliases without end',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e'].map((one, i) => `${one}: &${one} [${Array(9).fill(`*${'abcd'[i]}`).join(',')}]`).join('\n')}`,
      ['own.yaml: too many aliases of anchors'],
    ],
    [
      'mail without a sender',
      'mail:\n  host: mail.example',
      ['own.yaml:2: mail.host needs mail.from, the address of the sender'],
    ],
    [
      'a login by half',
      'mail: {host: m, from: a@b.c, user: u}',
      ['own.yaml:1: mail must have user and passwordFile, or neither'],
    ],
    [
      'a route to nowhere',
      "routes:\n- prefix: '6299'\n  to: partner",
      ['own.yaml:3: routes[0].to must be the name of an upstream (there is none) or engine; it is partner'],
    ],
    [
      'a password in a URL',
      'tracing:\n  endpoint: https://otel:hunter2@traces.example/v1',
      [
        'own.yaml:2: tracing.endpoint must be a URL of http or https without user and password, or null; it is "https://…@traces.example/v1"',
      ],
    ],
    ['twice', 'confirmTimeoutSeconds: 1\nconfirmTimeoutSeconds: 2', ['own.yaml:2: Map keys must be unique']],
    [
      'not YAML',
      'http:\n  port: [1',
      ['own.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    [
      'several',
      'confirmTimeoutSeconds: 0\nengine:\n  workers: 0',
      [
        'own.yaml:1: confirmTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is 0',
        'own.yaml:3: engine.workers must be an integer from 1 to 64 (batches at the same time); it is 0',
      ],
    ],
    [
      'a variable',
      'confirmTimeoutSeconds: 5',
      ['AKART_CONFIRM_TIMEOUT_SECONDS: confirmTimeoutSeconds must be an integer from 1 to 86400 (seconds); it is "1m"'],
      { environment: { AKART_CONFIRM_TIMEOUT_SECONDS: '1m' } },
    ],
    [
      'a variable that may be null',
      '',
      [
        'AKART_CANCEL_WINDOW_SECONDS: cancelWindowSeconds must be an integer from 0 to 31536000 (seconds) or null; it is "today"',
      ],
      { environment: { AKART_CANCEL_WINDOW_SECONDS: 'today' } },
    ],
    [
      'a flag',
      '',
      ['--iso-port: listeners[0].port must be an integer from 0 to 65535 (port); it is -1'],
      { flags: [{ origin: '--iso-port', path: ['listeners', 0, 'port'], value: -1 }] },
    ],
    [
      'a file that is not there',
      '',
      ["nowhere.yaml: can't be read: no such file or directory (ENOENT)"],
      { file: join(directory, 'nowhere.yaml') },
    ],
  ]
  for (const [name, text, wanted, more] of rows) t.same(await refused(text, more), wanted, name)
})

t.test(
  'a variable that is no setting is refused, but for what the benches, model tests and soaks are told',
  async (t) => {
    t.same(await refused('', { environment: { AKART_CONFIRM_TIMEUOT_SECONDS: '1', AKART_BENCH_MS: '1' } }), [
      'AKART_CONFIRM_TIMEUOT_SECONDS is no setting; did you mean AKART_CONFIRM_TIMEOUT_SECONDS?',
    ])
    const told = { AKART_BENCH_MS: '400', AKART_MODEL_SEED: '7', AKART_SOAK_CARDS: '9' }
    t.equal((await read('', { environment: told })).http.port, 8082)
  },
)
