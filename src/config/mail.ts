import { Type, type Static } from 'typebox'
import type { Problem } from './check.ts'
import { closed, integer, oneOf, text } from './values.ts'

const orNull = (pattern: string, description: string) =>
  Type.Union([text(pattern, description), Type.Null()], { description: `${description} or null`, default: null })

/** The mail server. Without a host no mail is sent. */
export const MailSchema = Type.Object(
  {
    host: orNull('^[^\\s/]{1,255}$', 'a host name or an address'),
    port: integer(1, 65_535, 'port', { default: 587 }),
    tls: oneOf(['off', 'starttls', 'tls'], { default: 'starttls' }),
    user: orNull('^.{1,200}$', 'a name'),
    passwordFile: orNull('^.+$', 'a path'),
    from: orNull('^[^\\s@<>]+@[^\\s@<>]+$', 'an address, as akart@example.com'),
  },
  closed,
)

export type MailConfig = Readonly<Static<typeof MailSchema>>

/** Rules that the schema cannot express: a sender is mandatory, and a login needs both halves. */
export function mailProblems(value: unknown): Problem[] {
  const mail = (value as { mail?: MailConfig }).mail
  if (mail === undefined || mail.host === null) return []
  const half = (mail.user === null) !== (mail.passwordFile === null)
  return [
    ...(mail.from === null ? [{ path: ['mail', 'host'], text: 'needs mail.from, the address of the sender' }] : []),
    ...(half ? [{ path: ['mail'], text: 'must have user and passwordFile, or neither' }] : []),
    ...(mail.tls === 'off' && mail.user !== null
      ? [{ path: ['mail', 'tls'], text: 'must be starttls or tls where a password is sent' }]
      : []),
  ]
}
