import t from 'tap'
import { KIND } from '../../src/core/key.ts'
import { engineSetting, STORE } from '../engine/engine-setting.ts'

/*
 * The longest values of messages, the configuration and our own counters must fit the tables of requests: a listener's name
 * of 32 letters once made every booking fail.
 */

const setting = await engineSetting(t)
const { connection, operation, request } = setting

/** As the configuration allows it: `listeners[].name` in config/schema.ts. */
const LISTENER = 'x'.repeat(32)
/** Lines of a listener and frames of a line, after years. */
const COUNTER = '9999999999'
const LINE = `${LISTENER}-${COUNTER}`
const TRACE = `${LINE}-${COUNTER}`
/** DE41, DE42 in full. */
const TERMINAL = 'T'.repeat(8)

t.test('a request with the longest of everything is booked, declined, undone, and opens a case', async (t) => {
  const [card, unsold] = await setting.newCards(2)
  if (card === undefined || unsold === undefined) return
  const engine = setting.engine()
  t.teardown(engine.stop)
  let stan = 999_990
  const longest = (asked: ReturnType<typeof request>, source = TERMINAL) => ({
    ...asked,
    source,
    labels: {
      ...asked.labels,
      processingCode: '999999',
      localTime: '1231235959',
      rrn: 'R'.repeat(12),
      approvalCode: 'A'.repeat(6),
      entryMode: '999',
      amount: 999_999_999_999,
      currency: 999,
      echo: 'f'.repeat(32),
      line: LINE,
      trace: TRACE,
    },
  })
  const about = (kind: number) => ({ kind, terminal: TERMINAL, stan: ++stan, confirmation: 'explicit' as const })
  const ask = async (asked: ReturnType<typeof request>, source?: string) =>
    (await engine.submit(longest(asked, source))).result

  const sale = request(operation('sale', card, 10_000), about(KIND.financial))
  t.equal(await ask(sale), 'approved')
  t.equal(await ask(request({ act: 'confirmation', original: sale.key }, about(KIND.confirmation))), 'approved')
  t.equal(await ask(request(operation('payment', card, 999_999_999_999), about(KIND.financial))), 'exceeds_balance')
  const reversal = { act: 'reversal', by: 'terminal', original: sale.key, amount: null, presented: null } as const
  t.equal(await ask(request(reversal, about(KIND.reversal))), 'approved_with_case')
  const unclear = { act: 'unclear_reversal', came: '9'.repeat(100) } as const
  t.equal(await ask(request(unclear, about(KIND.reversal))), 'approved_with_case')
  const block = operation('block', card, 0, { block: 'suspicion', contra: null, amount: null })
  t.equal(
    await ask(
      request({ ...block, presented: { ...block.presented, by: 'keyed', stripe: null } }, about(KIND.administration)),
    ),
    'approved',
  )
  // The longest address, as a network of IPv6 is written.
  const address = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'
  const balance = operation('balance', unsold, 0, { contra: null, amount: null })
  const keyed = { ...balance, presented: { ...balance.presented, by: 'keyed' as const, stripe: null } }
  t.equal(await ask(request(keyed, about(KIND.inquiry)), address), 'card_unsold')
  const forged = operation('payment', unsold, 1)
  const stripe = { expiry: '4912', version: 0, genuine: false }
  t.equal(
    await ask(request({ ...forged, presented: { ...forged.presented, stripe } }, about(KIND.financial)), address),
    'unknown_card',
  )

  const [rows] = await connection.query(
    'SELECT line, trace FROM transactions WHERE terminal_code = ? AND store_code = ?',
    [TERMINAL, STORE],
  )
  t.equal((rows as unknown[]).length, 8)
  for (const row of rows as unknown[]) t.match(row, { line: LINE, trace: TRACE })
})
