import t from 'tap'
import { UPSTREAM_OPERATIONS } from '../../src/config/upstream-kinds.ts'
import { UPSTREAM_KINDS } from '../../src/upstreams/kinds.ts'
import { PROFILES } from '../iso8583/profiles.ts'
import { contract } from './contract.ts'

for (const name of ['iso87-ascii', 'iso87-bcd'] as const) {
  const profile = PROFILES[name]
  for (const [kind, upstream] of Object.entries(UPSTREAM_KINDS)) {
    t.test(`${kind} in ${name}`, async (t) => contract(t, upstream, profile))
  }
}

t.test('a kind serves what the configuration says', async (t) => {
  for (const [kind, { operations }] of Object.entries(UPSTREAM_KINDS)) {
    const wanted: readonly string[] = UPSTREAM_OPERATIONS[kind as keyof typeof UPSTREAM_OPERATIONS]
    t.same(Object.keys(operations).toSorted(), wanted.toSorted())
  }
})

t.test('a bank gets no data that are only for us', async (t) => {
  const { codes, flags } = { codes: 62, flags: 48 }
  const { request } = UPSTREAM_KINDS['bank-card']
  const message = { mti: '0200', fields: { 3: '006000', 22: '812', 2: '4000000000000002', 48: 'P', 62: 'ABCD' } }
  const row = {
    operation: 'payment',
    key: { kind: 200, terminal: 'T1', store: 'S1' },
    labels: { rrn: '1', currency: 985 },
  }
  const sent = request(
    { message, row: row as never, routed: { stan: 1, transmitted: 20261125101208 }, original: null },
    new Map(),
  )
  t.equal(sent.fields[codes], undefined)
  t.equal(sent.fields[flags], undefined)
  t.equal(sent.fields[3], '000000')
})
