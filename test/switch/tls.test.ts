import { chmod } from 'node:fs/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import t from 'tap'
import { boundTo, certificateName, type Registry } from '../../src/core/registry.ts'
import { openCertificates } from '../../src/switch/certificates.ts'
import type { ListenerSettings } from '../../src/switch/listener.ts'
import { approve, listening, network, paymentOf, till, until } from './listening.ts'
import { authority, type Issued, pemDirectory } from './test-certificates.ts'

const write = await pemDirectory(t)
const ca = await authority('CN=Terminals, O=Test')
const stranger = await authority('CN=Terminals, O=Somebody else')
const own = await ca.issue('CN=switch.test')
const tillOne = await ca.issue('CN=Till 1, O="Shop, North"')
const tillTwo = await ca.issue('CN=Till 2, O="Shop, North"')
const files = {
  certificate: await write('switch.pem', own.cert),
  key: await write('switch.key', own.key),
  ca: await write('ca.pem', ca.cert),
}

const TRUST: ConnectionOptions = { ca: ca.cert, servername: 'switch.test' }
const showing = ({ cert, key }: Issued): ConnectionOptions => ({ ...TRUST, cert, key })

const tls = async (isMutual: boolean, frameTimeoutMs = 60_000): Promise<Partial<ListenerSettings>> => ({
  isMutual,
  certificates: await openCertificates({ ...files, ca: isMutual ? files.ca : null }),
  frameTimeoutMs,
})

const bindings = (...rows: readonly (readonly [string, string])[]): Registry['bindings'] => {
  const found = new Map<string, Set<string>>()
  for (const [what, name] of rows) found.set(what, (found.get(what) ?? new Set()).add(name))
  return found
}

t.test('TLS 1.2 and 1.3 are spoken, what is older or weaker is not', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: await tls(false) })
  const rows: [string, ConnectionOptions, string | RegExp][] = [
    ['1.3', { minVersion: 'TLSv1.3' }, 'TLSv1.3'],
    ['1.2', { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
    ['1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, /alert|reset|protocol|EPROTO/i],
    ['1.2 without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }, /alert|handshake|reset/i],
    ['1.2 with CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }, /alert|handshake|reset/i],
  ] // prettier-ignore
  for (const [title, options, expected] of rows) {
    const spoken = await till(listener, { tls: { ...TRUST, ...options } }).then(
      async ({ socket, ask }) => {
        t.equal(await ask(network('301')), '00', `${title}: an echo is answered`)
        return (socket as TLSSocket).getProtocol()
      },
      (error: unknown) => String(error),
    )
    if (typeof expected === 'string') t.equal(spoken, expected, title)
    else t.match(spoken, expected, title)
  }
  t.same(told.opened.map(({ certificate }) => certificate), [null, null], 'terminals show no certificate') // prettier-ignore
  await until(() => told.refusedLines.length >= 3)
  t.ok(told.refusedLines.length >= 3 && told.refusedLines.every((why) => why.startsWith('TLS: ')))
})

t.test('a connection without TLS is not accepted', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: await tls(false, 500) })
  const clear = await till(listener)
  t.equal(await clear.ask(network('301'), 300), 'silence')
  await clear.closed
  const silent = connect(listener.port, listener.host)
  await once(silent, 'close')
  t.match(told.refusedLines, [/^TLS: /, 'no PROXY header or TLS in time'])
  t.equal(listener.lines(), 0)
})

t.test('mutual TLS: only valid certificates of our authority', async (t) => {
  const { listener, told } = await listening(t, approve, { settings: await tls(true), bindings: new Map() })
  const wrong: [string, ConnectionOptions][] = [
    ['none', TRUST],
    ['of another authority', showing(await stranger.issue('CN=Till 1, O="Shop, North"'))],
    ['expired', showing(await ca.issue('CN=Till 1', -60_000))],
  ]
  for (const [title, options] of wrong) {
    // With TLS 1.3 the client has shaken hands before it is refused.
    const outcome = await till(listener, { tls: options }).then(
      ({ ask }) => ask(network('301'), 300),
      () => 'silence',
    )
    t.equal(outcome, 'silence', title)
  }
  await until(() => told.refusedLines.length === 3)
  t.match(told.refusedLines.join('\n'), /client certificate: CERT_HAS_EXPIRED/)
  t.same(told.opened, [])
  await till(listener, { tls: showing(tillOne) })
  await until(() => told.opened.length === 1)
  const subject = 'CN=Till 1,O=Shop\\, North'
  t.same(told.opened[0]?.certificate, { fingerprint: tillOne.fingerprint, subject })
})

t.test('a terminal speaks only on a line with a certificate that it or its store is bound to', async (t) => {
  const one = certificateName('fingerprint', tillOne.fingerprint)
  const two = certificateName('subject', 'CN=Till 2,O=Shop\\, North')
  const bound = bindings(
    [boundTo('terminal', 'T1'), one],
    [boundTo('store', 'S2'), two],
    [boundTo('terminal', 'T2'), two],
  )
  const mutual = await listening(t, approve, { settings: await tls(true), bindings: bound })
  const clear = await listening(t, approve, { bindings: bound })
  const lines = {
    'till 1': await till(mutual.listener, { tls: showing(tillOne) }),
    'till 2': await till(mutual.listener, { tls: showing(tillTwo) }),
    'in the clear': await till(clear.listener),
  }
  const rows: [keyof typeof lines, string, string, string][] = [
    ['till 1', 'T1', 'S1', '00'],
    ['till 1', 'T2', 'S1', '58 TERMINAL'],
    ['till 1', 'T3', 'S2', '58 TERMINAL'],
    ['till 1', 'KEY', 'S1', '58 TERMINAL'],
    ['till 2', 'T1', 'S1', '58 TERMINAL'],
    ['till 2', 'T2', 'S1', '00'],
    ['till 2', 'T3', 'S2', '00'],
    ['in the clear', 'T1', 'S1', '58 TERMINAL'],
    ['in the clear', 'T3', 'S2', '58 TERMINAL'],
    ['in the clear', 'SIGN', 'S1', '58 SIGNON'],
  ]
  for (const [line, terminal, store, expected] of rows) {
    t.equal(await lines[line].ask(paymentOf(1, terminal, store)), expected, `${terminal} on a line of ${line}`)
  }
})

t.test('a session that is resumed is still that of its certificate', async (t) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { listener, told } = await listening(t, approve, { settings: await tls(true) })
    const options = { ...showing(tillOne), maxVersion }
    const first = await till(listener, { tls: options })
    await first.ask(network('301'))
    const session = (first.socket as TLSSocket).getSession()
    if (session === undefined) throw new Error('no session')
    const again = await till(listener, { tls: { ...TRUST, maxVersion, session } })
    await again.ask(network('301'))
    t.equal((again.socket as TLSSocket).isSessionReused(), true, `${maxVersion}: resumed`)
    t.same(told.opened.map(({ certificate }) => certificate?.fingerprint), [tillOne.fingerprint, tillOne.fingerprint]) // prettier-ignore
  }
})

t.test('certificates that change are taken for new lines, and no line is dropped', async (t) => {
  const certificate = await write('renewed.pem', own.cert)
  const key = await write('renewed.key', own.key)
  const certificates = await openCertificates({ certificate, key, ca: null })
  const { listener } = await listening(t, approve, { settings: { certificates } })
  const before = await till(listener, { tls: TRUST })
  const serial = ({ socket }: { socket: unknown }) => (socket as TLSSocket).getPeerCertificate().serialNumber
  const next = await ca.issue('CN=switch.test')

  t.equal(await certificates.reload(), 'same')
  await write('renewed.pem', next.cert)
  t.match(await certificates.reload(), { fault: /renewed\.key and certificate .*mismatch/ }, 'half of a renewal')
  t.equal(await certificates.reload(), 'same', 'is said once')
  listener.renew()
  t.equal(serial(await till(listener, { tls: TRUST })), serial(before), 'and changes nothing')
  await write('renewed.key', next.key)
  t.equal(await certificates.reload(), 'changed')
  listener.renew()
  t.not(serial(await till(listener, { tls: TRUST })), serial(before))
  t.equal(await before.ask(network('301')), '00', 'the line of before goes on')
})

const readableByAll = async (): Promise<string> => {
  const file = await write('open.key', own.key)
  await chmod(file, 0o644)
  return file
}

t.test('invalid certificate and key files are named with the reason', async (t) => {
  const rows: [string, Partial<typeof files>, RegExp][] = [
    ['missing', { certificate: '/nowhere/x.pem' }, /^certificate \/nowhere\/x\.pem can't be read: no such file or directory \(ENOENT\)$/],
    ['no certificate', { certificate: files.key }, /^certificate .*switch\.key holds no certificate in PEM$/],
    ['no key', { key: files.certificate }, /^key .*switch\.pem holds no private key in PEM$/],
    ['of another', { key: await write('other.key', tillOne.key) }, /^key .*other\.key and certificate .*switch\.pem: .*mismatch/],
    ['a key that everybody can read', { key: await readableByAll() }, /^key .*open\.key can be read by everybody on this machine: chmod o= .*open\.key$/],
    ['damaged', { certificate: await write('cut.pem', `${own.cert.slice(0, 200)}\n-----END CERTIFICATE-----\n`) }, /^certificate .*cut\.pem: /],
  ] // prettier-ignore
  for (const [title, changed, message] of rows) {
    const error: unknown = await openCertificates({ ...files, ...changed }).catch((reason: unknown) => reason)
    t.match(error instanceof Error ? error.message : 'accepted', message, title)
  }
})
