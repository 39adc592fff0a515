import t from 'tap'
import { spawn } from 'node:child_process'
import { once as onceEvent } from 'node:events'
import { fileURLToPath } from 'node:url'
import { toUrl } from '../../src/db/access.ts'
import { once, PLN } from './api-setting.ts'
import { receiver, webhookSetting } from './webhook-setting.ts'

/* A sender is killed while it sends messages: another one continues, nothing is lost, and the order of each card is kept. */

const PROCESS = fileURLToPath(new URL('webhook-sender-process.js', import.meta.url))
const web = await webhookSetting(t)

const startSender = () => {
  const child = spawn(process.execPath, [PROCESS, toUrl(web.office.db.access)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  t.teardown(async () => void child.kill('SIGKILL'))
  return child
}

void t.test('killed and killed again', async (t) => {
  const shop = await web.shop('KILLED')
  const hook = await receiver(t)
  await shop.call('POST', '/webhook-endpoints', { url: hook.url })
  const cards = [web.card(), web.card(), web.card()]
  for (let i = 0; i < 10; i++) {
    for (const card of cards) await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, once())
  }
  await web.fold()
  // The kill then happens while some messages are sent and not yet recorded as sent.
  let open = false
  const held: (() => void)[] = []
  hook.behave = () => (response) => {
    const end = (): void => void response.writeHead(204).end()
    if (open) end()
    else held.push(end)
  }
  const first = startSender()
  await hook.received(3)
  first.kill('SIGKILL')
  await onceEvent(first, 'exit')
  open = true
  const second = startSender()
  await hook.received(3 + 7)
  second.kill('SIGKILL')
  await onceEvent(second, 'exit')
  const third = startSender()
  const list = (await shop.call('GET', '/events?limit=100')).body as unknown as { items: { id: string }[] }
  const missing = (): string[] => {
    const seen = new Set(hook.all.map(({ id }) => id))
    return list.items.map(({ id }) => id).filter((id) => !seen.has(id))
  }
  while (missing().length > 0) await hook.received(hook.all.length + 1)
  t.equal(list.items.length, 30)
  for (const { number } of cards) {
    const own = hook.all.filter(({ text }) => text.includes(`"last4":"${number.slice(-4)}"`))
    const firsts = own.filter(({ id }, i) => own.findIndex((other) => other.id === id) === i)
    const sequences = firsts.map(({ event }) => event.sequence)
    t.same(
      sequences,
      [...sequences].sort((a, b) => a - b),
      'each is first told in the order of its card',
    )
    t.equal(firsts.length, 10)
  }
  third.kill('SIGTERM')
  await onceEvent(third, 'exit')
})
