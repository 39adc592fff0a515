import t from 'tap'
import { fork, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { toUrl } from '../../src/db/access.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import type { Order } from './engine-process.ts'
import { engineSetting, type TestCard } from './engine-setting.ts'

const PROCESS = fileURLToPath(new URL('engine-process.js', import.meta.url))
const KILLS = Number(process.env['AKART_ENGINE_KILLS'] ?? '2')
const CARDS = 12
const REQUESTS = 250

type Sent = Order & { readonly to: Engine; readonly answer: Promise<Answer | null> }

const setting = await engineSetting(t)
let number = 0

type Engine = { readonly child: ChildProcess; readonly submit: (request: Request) => Sent }

/** `answer` is null if the process died before it could give it. */
async function startEngine(): Promise<Engine> {
  const child = fork(PROCESS, [toUrl(setting.access)], {
    serialization: 'advanced',
    execArgv: [], // not those of the test runner
  })
  const exited = once(child, 'exit')
  const waiting = new Map<number, (answer: Answer | null) => void>()
  const ready = once(child, 'message')
  child.on('message', (said) => {
    if (typeof said !== 'object' || said === null || !('number' in said)) return
    const { number, answer } = said as { number: number; answer: Answer }
    waiting.get(number)?.(answer)
    waiting.delete(number)
  })
  void exited.then(() => {
    for (const forget of waiting.values()) forget(null)
    waiting.clear()
  })
  t.teardown(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  await Promise.race([
    ready,
    exited.then(([code]) => {
      throw new Error(`the process ended with ${String(code)} before it was ready`)
    }),
  ])
  const engine: Engine = { child, submit }
  function submit(request: Request): Sent {
    const order = { number: ++number, request }
    const answer = new Promise<Answer | null>((resolve) => {
      if (!child.connected) return resolve(null)
      waiting.set(order.number, resolve)
      child.send(order, (error) => {
        if (error === null) return
        waiting.delete(order.number)
        resolve(null)
      })
    })
    return { ...order, to: engine, answer }
  }
  return engine
}

/** Payments, top-ups, and the reversals of some of them, on few cards. */
function work(cards: readonly TestCard[], round: number): Request[] {
  const requests: Request[] = []
  while (requests.length < REQUESTS) {
    const card = cards[randomInt(cards.length)]
    const earlier = requests[randomInt(Math.max(1, requests.length))]
    if (card === undefined) break
    const about = { terminal: `KILL${round}`, stan: requests.length, confirmation: 'explicit' as const }
    if (earlier !== undefined && earlier.key.kind === KIND.financial && randomInt(4) === 0) {
      const act = randomInt(2) === 0 ? ('confirmation' as const) : ('reversal' as const)
      const ask =
        act === 'confirmation'
          ? { act, original: earlier.key }
          : { act, by: 'terminal' as const, original: earlier.key, amount: null, presented: null }
      requests.push(setting.request(ask, { ...about, kind: KIND[act] }))
    } else {
      const operation = randomInt(3) === 0 ? 'top_up' : 'payment'
      const ask = setting.operation(operation, card, 1_000 + randomInt(3_000))
      requests.push(setting.request(ask, { ...about, kind: KIND.financial }))
    }
  }
  return requests
}

const again = (request: Request): Request => ({ ...request, id: setting.nextId(), spareId: setting.nextId() })
const isStored = (answer: Answer | null): answer is Answer => answer !== null && answer.row !== null

t.test(`two processes over the same cards, one of them killed, ${KILLS} times`, async (t) => {
  const cards = await setting.newCards(CARDS)
  let steady = await startEngine()
  const opening = cards.map((card, i) =>
    setting.request(setting.operation('sale', card, 20_000), {
      kind: KIND.financial,
      terminal: 'OPENING',
      stan: i,
      confirmation: 'none',
    }),
  )
  await Promise.all(opening.map((request) => steady.submit(request).answer))
  let unanswered = 0

  // Once more where each had its answer before the kill.
  for (let round = 0; round < KILLS || unanswered === 0; round++) {
    const doomed = await startEngine()
    const requests = work(cards, round)
    // Half of them to each; every third one to both, as on two lines.
    const sent = requests.flatMap((request, i) => [
      (i % 2 === 0 ? doomed : steady).submit(request),
      ...(i % 3 === 0 ? [(i % 2 === 0 ? steady : doomed).submit(again(request))] : []),
    ])
    await Promise.race(sent.flatMap(({ to, answer }) => (to === doomed ? [answer] : [])))
    await sleep(randomInt(30))
    doomed.child.kill('SIGKILL')
    const answers = await Promise.all(sent.map(({ answer }) => answer))
    unanswered += answers.filter((answer) => answer === null).length

    // Every answer given anywhere is the answer from now on; unanswered requests are settled.
    const other = await startEngine()
    const first = await Promise.all(requests.map((request) => steady.submit(again(request)).answer))
    const second = await Promise.all(requests.map((request) => other.submit(again(request)).answer))
    const differing: string[] = []
    for (const [i, request] of requests.entries()) {
      const said = answers.filter((_, j) => sent[j]?.request.key.stan === request.key.stan).filter(isStored)
      const later = [first[i] ?? null, second[i] ?? null]
      for (const one of [...said, ...later]) {
        if (!agree(one, later[1] ?? null)) differing.push(`${request.key.stan}: ${one?.result}, ${later[1]?.result}`)
      }
    }
    t.same(differing, [], `round ${round}`)
    t.same((await verifyLedger(setting.access)).faults, [])
    t.same(await twice(), [], 'nothing stands twice')
    steady.child.disconnect()
    steady = other
  }
  t.comment(`${unanswered} requests were killed before their answer`)
})

/** Identical, or reversed since, which shows the balances of now. */
function agree(one: Answer | null, last: Answer | null): boolean {
  if (one === null || last === null || last.row === null) return false
  if (last.result === 'original_reversed') return true
  if (last.result !== one.result) return false
  const shown = ({ row }: Answer): string =>
    JSON.stringify([row?.labels.rrn, row?.balances, row?.transfer, row?.content])
  return shown(one) === shown(last)
}

/** Double reversals: those that moved money, by their original. */
async function twice(): Promise<RowDataPacket[]> {
  const [rows] = await setting.connection.query<RowDataPacket[]>(
    `SELECT original_id FROM transactions WHERE kind = ? AND amount > 0 GROUP BY original_id HAVING COUNT(*) > 1`,
    [KIND.reversal],
  )
  return rows
}
