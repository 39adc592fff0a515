import { Type } from 'typebox'
import { ENTRY_MODES, ROUTED_OPERATIONS, UPSTREAM_KIND_NAMES } from './upstream-kinds.ts'
import { closed, host, integer, oneOf, port, text } from './values.ts'

const optional = (what: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Null()], { description: `${what} or null`, default: null })

/** A value that the host wants in every request. */
const FixedField = Type.Object(
  { number: integer(2, 128, 'a data element'), value: text('^[\\x20-\\x7e]{1,999}$', 'printable ASCII text') },
  closed,
)

/** An upstream host, to which cards of other issuers are forwarded; settings with a default may be left out. */
export const UpstreamSchema = Type.Object(
  {
    name: text('^[a-z][a-z0-9-]{0,14}$', 'a name of up to 15 small letters, digits and hyphens'),
    kind: oneOf(UPSTREAM_KIND_NAMES),
    host: host(),
    port,
    profile: text('^[a-z0-9-]{1,64}$', 'the name of a file in config/iso8583', { default: 'iso87-ascii' }),
    length: oneOf(['be2', 'be2-inclusive', 'ascii4'], { default: 'be2' }),
    tpdu: Type.Unsafe<'none' | 5>(Type.Enum(['none', 5], { description: 'none or 5 (bytes)', default: 'none' })),
    maxFrameBytes: integer(64, 65_535, 'bytes', { default: 4096 }),
    tls: oneOf(['off', 'on'], { default: 'off' }),
    tlsCa: optional('a PEM file'),
    tlsCert: optional('a PEM file'),
    tlsKey: optional('a PEM file'),
    tlsServerName: optional('a name'),
    terminal: text('^[\\x21-\\x7e]{1,8}$', 'up to 8 printable characters', { default: 'AKART' }),
    fields: Type.Array(FixedField, { description: 'a list of data elements and values', default: [] }),
    timeoutSeconds: integer(1, 120, 'seconds', { default: 8 }),
    connectTimeoutSeconds: integer(1, 60, 'seconds', { default: 3 }),
    acquireTimeoutSeconds: integer(1, 30, 'seconds', { default: 2 }),
    minConnections: integer(0, 64, 'connections', { default: 1 }),
    maxConnections: integer(1, 64, 'connections', { default: 4 }),
    perConnection: integer(1, 1_024, 'messages', { default: 64 }),
    idleTimeoutSeconds: integer(1, 86_400, 'seconds', { default: 300 }),
    echoAfterSeconds: integer(1, 86_400, 'seconds', { default: 30 }),
    breakerAfter: integer(1, 1_000, 'failures in a row', { default: 5 }),
    breakerPauseSeconds: integer(1, 600, 'seconds', { default: 5 }),
    retryFirstSeconds: integer(1, 600, 'seconds', { default: 1 }),
    retryMostSeconds: integer(1, 86_400, 'seconds', { default: 60 }),
    setAsideAfter: integer(1, 1_000, 'refusals', { default: 10 }),
  },
  closed,
)

/** Routes cards to upstreams by prefix; the longest matching prefix wins. */
export const RouteSchema = Type.Object(
  {
    prefix: text('^\\d{1,12}$', '1 to 12 digits, in quotes'),
    operations: Type.Array(oneOf(ROUTED_OPERATIONS), { description: 'a list of operations', default: [] }),
    entry: Type.Array(oneOf(ENTRY_MODES), { description: 'a list of entry modes', default: [] }),
    to: text('^[a-z][a-z0-9-]{0,14}$', 'the name of an upstream, or engine'),
  },
  closed,
)
