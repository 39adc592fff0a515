import { Type, type Static } from 'typebox'
import { LOG_LEVELS } from '../log.ts'
import { MenuSchema, WebSchema } from './sites.ts'
import { MailSchema } from './mail.ts'
import { ReportPlacesSchema } from './report-places.ts'
import { RouteSchema, UpstreamSchema } from './upstreams.ts'
import { closed, host, integer, oneOf, port, text } from './values.ts'

const file = () =>
  Type.Union([Type.String({ minLength: 1 }), Type.Null()], { description: 'a path or null', default: null })

/** One listener for terminals; settings with a default may be left out. */
const Listener = Type.Object(
  {
    name: text('^[a-z][a-z0-9-]{0,31}$', 'a name of up to 32 small letters, digits and hyphens'),
    host: host({ default: '127.0.0.1' }),
    port,
    profile: text(
      '^([a-z0-9-]{1,64}|.+\\.yaml)$',
      'the name of a file in config/iso8583, or a path that ends in .yaml',
      {
        default: 'iso87-ascii',
      },
    ),
    length: oneOf(['be2', 'be2-inclusive', 'ascii4'], { default: 'be2' }),
    tpdu: Type.Unsafe<'none' | 5>(Type.Enum(['none', 5], { description: 'none or 5 (bytes)', default: 'none' })),
    maxFrameBytes: integer(64, 65_535, 'bytes', { default: 4096 }),
    idleTimeoutSeconds: integer(1, 86_400, 'seconds', { default: 600 }),
    frameTimeoutSeconds: integer(1, 600, 'seconds', { default: 10 }),
    maxBadFrames: integer(1, 1_000, 'messages in a row', { default: 10 }),
    maxLines: integer(1, 1_000_000, 'lines', { default: 20_000 }),
    maxInFlightPerLine: integer(1, 65_536, 'requests', { default: 256 }),
    backlog: integer(1, 65_535, 'connections', { default: 4096 }),
    tls: oneOf(['off', 'server', 'mutual'], { default: 'off' }),
    certificate: file(),
    key: file(),
    ca: file(),
    signOn: Type.Boolean({ description: 'true or false', default: false }),
    requireMac: Type.Boolean({ description: 'true or false', default: false }),
    proxyFrom: Type.Array(Type.String({ description: 'an address, or a network as 10.0.0.0/8' }), {
      description: 'a list of addresses and networks',
      default: [],
    }),
  },
  closed,
)

/** All settings; config/default.yaml describes each of them. */
export const ConfigSchema = Type.Object(
  {
    confirmTimeoutSeconds: integer(1, 86_400, 'seconds'),
    lateConfirmWindowSeconds: integer(0, 31_536_000, 'seconds'),
    cancelWindowSeconds: Type.Union([integer(0, 31_536_000, 'seconds'), Type.Null()], {
      description: 'an integer from 0 to 31536000 (seconds) or null',
    }),
    timeZone: text('^.{1,40}$', 'the name of a time zone, such as Europe/Warsaw'),
    transmissionWindowDays: integer(1, 180, 'days'),
    settlingWindowDays: integer(1, 180, 'days'),
    allowRoot: Type.Boolean({ description: 'true or false' }),
    expiryTime: text('^([01][0-9]|2[0-3]):[0-5][0-9]$', 'a time of day such as 02:30'),
    demoHistoryDays: integer(0, 60, 'days'),
    log: Type.Object(
      {
        level: oneOf(LOG_LEVELS),
        file: file(),
        maxSizeMegabytes: integer(1, 100_000, 'megabytes'),
        maxFiles: integer(2, 1_000, 'files'),
      },
      closed,
    ),
    http: Type.Object({ host: host(), port }, closed),
    menu: MenuSchema,
    web: WebSchema,
    mail: MailSchema,
    reports: ReportPlacesSchema,
    listeners: Type.Array(Listener, { minItems: 1, description: 'a list of at least one listener' }),
    maxLines: integer(1, 1_000_000, 'lines'),
    perAddress: Type.Object(
      {
        lines: integer(1, 1_000_000, 'lines'),
        newLines: Type.Union([integer(1, 1_000_000, 'lines'), Type.Null()], {
          description: 'an integer from 1 to 1000000 (lines) or null',
        }),
        refusalsPerMinute: integer(1, 1_000_000, 'answers'),
      },
      closed,
    ),
    unknownNumbersPerMinute: integer(1, 1_000_000, 'numbers'),
    tracing: Type.Object(
      {
        endpoint: Type.Union([text('^https?://[^\\s@]{1,400}$', 'a URL of http or https'), Type.Null()], {
          description: 'a URL of http or https without user and password, or null',
        }),
        ratio: Type.Number({ minimum: 0, maximum: 1, description: 'a number from 0 to 1' }),
      },
      closed,
    ),
    upstreams: Type.Array(UpstreamSchema, { description: 'a list of upstream hosts' }),
    routes: Type.Array(RouteSchema, { description: 'a list of routes' }),
    engine: Type.Object(
      {
        workers: integer(1, 64, 'batches at the same time'),
        batchMax: integer(1, 1_024, 'requests'),
        queueMax: integer(1, 1_000_000, 'requests'),
        timeoutSeconds: integer(1, 600, 'seconds'),
        queueWaitMs: integer(10, 60_000, 'milliseconds'),
      },
      closed,
    ),
  },
  closed,
)

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** The complete configuration: checked, every default filled in, frozen. */
export type Config = DeepReadonly<Static<typeof ConfigSchema>>

export type ListenerConfig = Config['listeners'][number]
export type UpstreamConfig = Config['upstreams'][number]
export type RouteConfig = Config['routes'][number]
