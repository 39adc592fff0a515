// Sections 4 and 5 across the death of the switch: answers stay the same, and promises are kept.
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { startAkart } from './akart.ts'
import type { Answer } from './line.ts'
import { openStage } from './story.ts'

const akart = await startAkart()
const stage = openStage(akart)
t.teardown(async () => {
  stage.close()
  await akart.remove()
})

const story = (signal: string): string => `
    A=payment 10 sold               -> 00 140/140
    B=topup 100 sold2               -> 00 250/150
    S=sale 50 sellable              -> 00 50/0
    Q=confirm S                     -> 00
    D=payment 999 sold              -> 51 140/140
    U=balance sellable2             -> 78 UNSOLD 0/0
    E=payment 20 sold3              -> 00 130/130
    R=reverse E                     -> 00
    F=payment 30 sold4              -> 00 120/120
    C=cancel F                      -> 00 150/120 took=30
    H=later payment 40 sold5
    T=reverse H                     -> 00
    N=topup 60 sold6 at=DEMO0005    -> 00 210/150
    restart ${signal}
    repeat A                        -> same
    again A                         -> same
    repeat B                        -> same
    repeat S                        -> same
    repeat Q                        -> same
    repeat D                        -> same
    repeat U                        -> same
    repeat E                        -> 21 REVERSED
    repeat R                        -> same
    repeat C                        -> same
    again H                         -> 21 REVERSED
    repeat T                        -> same
    again A 11                      -> 94
    payment 250 sold2               -> 51 250/150
    confirm B                       -> 00
    payment 250 sold2               -> 00 0/0
    confirm A                       -> 00
    reverse A                       -> 00 CASE
    confirm C                       -> 00
    cancel F                        -> 21 DONE
    balance sold                    -> 00 140/140
    balance sold3                   -> 00 150/150
    balance sold4                   -> 00 150/150
    balance sold5                   -> 00 150/150
    balance sellable                -> 00 50/50
    balance sold6                   -> 00 210/150
    payment 1 sold at=DEMO0005      -> 00 139/139
    balance sold6                   -> 00 210/210`

await stage.play(t, 'after SIGTERM', story('SIGTERM'))
await stage.play(t, 'after SIGKILL', story('SIGKILL'))

t.test('killed while forty payments are on their way', async (t) => {
  const till = await stage.till('DEMO0001')
  const cards = Array.from({ length: 8 }, () => akart.card('sold'))
  const requests = Array.from({ length: 40 }, (_, index) =>
    till.message('0200', { 3: '006000', 4: '000000000100', 22: '022', 35: cards[index % 8]?.track2, 49: '985' }),
  )
  const answered = new Map<string, Answer>()
  const flights = requests.map(async (request, index) => {
    await wait(index % 5)
    const answer = await till.send(request)
    answered.set(request.fields[11] ?? '', answer)
    if (answered.size === 10) await akart.stop('SIGKILL')
  })
  const ends = await Promise.allSettled(flights)
  t.comment(`${ends.filter((end) => end.status === 'rejected').length} of 40 were not answered`)
  await akart.start()
  await till.reconnect()
  for (const request of requests) {
    const again = await till.send({ ...request, mti: '0201' })
    const first = answered.get(request.fields[11] ?? '')
    t.equal(again.fields[39], '00', `STAN ${request.fields[11]}`)
    t.ok(first === undefined || first.bytes.equals(again.bytes), 'and as it was answered before')
  }
  for (const card of cards) {
    const answer = await till.send(till.message('0100', { 3: '316000', 22: '022', 35: card.track2 }))
    t.match(answer.fields[54], /6002985C000000014500$/, 'each card has paid five times')
  }
})

t.test('the books', async (t) => {
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
