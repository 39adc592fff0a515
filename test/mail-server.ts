import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createMailer, reachMail } from '../src/app/mailer.ts'

type Received = { readonly to: string; readonly text: string }

/** The part of SMTP that a client needs (RFC 5321); it stores the mails. */
export async function mailServer(t: { readonly teardown: (end: () => Promise<void>) => void }) {
  const received: Received[] = []
  let answers = true
  let refusal: string | null = null
  let holds = false
  const events = new EventEmitter()
  const server = createServer((socket) => {
    let [to, data, inData, line] = ['', '', false, '']
    const say = (text: string): void => void socket.write(`${text}\r\n`)
    const hear = (command: string): void => {
      if (inData && command !== '.') return void (data += `${command}\n`)
      if (inData) {
        received.push({ to, text: data })
        ;[inData, data] = [false, '']
        events.emit('taken')
        if (holds) return
        return say('250 taken')
      }
      if (/^RCPT TO:/iu.test(command)) {
        if (refusal !== null) return say(refusal)
        to = /<([^>]+)>/u.exec(command)?.[1] ?? ''
      }
      if (/^DATA/iu.test(command)) {
        inData = true
        return say('354 go on')
      }
      if (/^QUIT/iu.test(command)) return void socket.end('221 bye\r\n')
      say(answers ? '250 fine' : '451 not now')
    }
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      const lines = (line + bytes.toString()).split('\r\n')
      line = lines.pop() ?? ''
      lines.forEach(hear)
    })
    say('220 test')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    await once(server, 'close')
  })
  const config = {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    tls: 'off',
    user: null,
    passwordFile: null,
    from: 'akart@example.com',
  } as const
  const send = createMailer(config)
  if (send === null) throw new Error('no mailer')
  return {
    port: config.port,
    received,
    send,
    reach: reachMail(config),
    /** `taken`: called when the server has a mail, before it acknowledges it. */
    events,
    /** The sender gets no acknowledgement of an accepted mail. */
    hold: (yes: boolean) => void (holds = yes),
    answer: (yes: boolean) => void (answers = yes),
    /** The answer to every address, as `550 no such user`; null: all are accepted. */
    refuse: (line: string | null) => void (refusal = line),
  }
}
