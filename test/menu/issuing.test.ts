import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { menuForTest } from './setting.ts'

/* Issues and packs through AkartMenu's API: makers' keys by two people, files handed out once, scans under handles. */

const makers = await mkdtemp(join(tmpdir(), 'akart-makers-'))
t.teardown(() => rm(makers, { recursive: true, force: true }))
await writeFile(join(makers, 'karton.yaml'), 'format: csv\nheader: true\ncolumns: [serial, number, ecode]\n')
await writeFile(join(makers, 'broken.yaml'), 'format: parchment\ncolumns: [serial]\n')

const menu = await menuForTest(t, { makers: [makers] })
const [issuer, second, accountant, manager] = [
  await menu.signedIn('issuer'),
  await menu.signedIn('issuer2'),
  await menu.signedIn('accountant'),
  await menu.signedIn('manager'),
]
const reason = 'test'
const XMAS = { code: 'XMAS' }
const settings = {
  code: 'XMAS',
  name: 'Christmas',
  prefix: '627799',
  count: '20',
  saleMinimum: '20',
  saleMaximum: '500',
}
const [serials, none] = [
  { first: 1, last: 3 },
  { serials: '', scanned: [], file: null },
]
const STORE = { kind: 'store', code: '000000000000001' }

t.test('a plan: what is wrong is said of each setting', async (t) => {
  const wrong = { body: { settings: { ...settings, prefix: '62', count: '0' } } }
  const faultsIn = async (language: string) => {
    const { status, json } = await issuer.ask('issues.plan', { ...wrong, headers: { 'accept-language': language } })
    t.equal(status, 422)
    return (json as { faults: readonly { at: string; text: string }[] }).faults
  }
  t.same(await faultsIn('en'), [
    { at: 'prefix', text: 'must be 6 to 8 digits; it is 62' },
    { at: 'count', text: 'must be a whole number of cards from 1 to 10000000; it is 0' },
  ])
  t.same(await faultsIn('pl'), [
    { at: 'prefix', text: 'oczekiwano: od 6 do 8 cyfr; podano: 62' },
    { at: 'count', text: 'oczekiwano: liczba całkowita kart od 1 do 10000000; podano: 0' },
  ])
  t.same(await issuer.ok('issues.plan', { body: { settings } }), XMAS)
  await issuer.ok('issues.change', { params: XMAS, body: { settings: { saleAuthorisation: 'yes', packs: 'no' } } })
  t.equal(
    await issuer.code('issues.export', { params: XMAS, body: { maker: 'karton', reason, newEcodes: false } }),
    'maker_without_key',
  )
  const { people, settings: said } = await manager.ok('issues.show', { params: XMAS })
  t.same([said['saleAuthorisation'], said['saleMaximum'], said['acceptedIn']], ['yes', '500.00', 'all'])
  t.same(
    people.authorise.map(({ login }) => login),
    ['accountant', 'accountant2', 'issuer', 'issuer2'],
  )
  await issuer.ok('issues.generate', { params: XMAS, body: {} })
  await menu.worked()
  t.equal((await issuer.ok('issues.show', { params: XMAS })).state, 'generated')
})

t.test('the key of a maker is set by two people, one proposal at a time', async (t) => {
  const recipient = await identityToRecipient(await generateIdentity())
  const key = { params: { code: 'karton' }, body: { publicKey: recipient, reason } }
  t.equal(await issuer.code('makers.key', { ...key, body: { publicKey: 'age1 is no key', reason } }), 'wrong_maker_key')
  const { approval: id } = await issuer.ok('makers.key', key)
  t.equal(await second.code('makers.key', key), 'already_proposed')
  const { items } = await issuer.ok('makers.list')
  t.same(
    items.map(({ name, fault, key: set, proposed }) => [name, fault === null, set, proposed?.by]),
    [
      ['broken', false, null, undefined],
      ['karton', true, null, 'issuer'],
    ],
  )
  const waiting = (await accountant.ok('approvals.list')).items.find((one) => one.id === id)
  t.equal(waiting?.changes[0]?.after, recipient, 'the second person sees the key')
  const decision = { params: { id }, body: { approve: true, reason: '', version: waiting?.version ?? '' } }
  t.equal(await issuer.code('approvals.decide', decision), 'own_request')
  await accountant.ok('approvals.decide', decision)
  t.equal((await issuer.ok('makers.list')).items[1]?.key?.decidedBy, 'accountant')
})

t.test('files are handed out on record, a second one of the same eCodes is refused', async (t) => {
  t.equal(await issuer.code('issues.proofs', { params: XMAS, body: { first: 1, last: 30 } }), 'too_many_proofs')
  const { items } = await issuer.ok('issues.proofs', { params: XMAS, body: serials })
  t.same([items.length, items.every(({ shown }) => /^627799•{6}\d{4}$/u.test(shown))], [3, true])
  t.equal(
    (await issuer.ask('issues.proofFile', { params: XMAS, body: serials })).headers['content-type'],
    'application/pdf',
  )
  const input = { params: XMAS, body: { maker: 'karton', reason, newEcodes: false } }
  const { status, headers } = await issuer.ask('issues.export', input)
  t.same([status, headers['content-disposition']], [200, 'attachment; filename="XMAS-karton.csv.age"'])
  const { state, exports } = await issuer.ok('issues.show', { params: XMAS })
  t.same(
    [state, exports.map(({ maker, cards }) => [maker, cards])],
    [
      'exported',
      [
        ['proofs', 3],
        ['proofs', 3],
        ['karton', 20],
      ],
    ],
  )
  t.equal(await issuer.code('issues.export', input), 'ecodes_unknown')
})

t.test('an issue without packs is authorised by another person than who activated it', async (t) => {
  await issuer.ok('issues.activate', { params: XMAS, body: {} })
  const [own] = (await issuer.ok('issues.show', { params: XMAS })).approvals
  t.same([own?.kind, own?.own, own?.refused === null], ['issueAuthorisation', true, false])
  const [waiting] = (await second.ok('issues.show', { params: XMAS })).approvals
  const body = { approve: true, reason: '', version: waiting?.version ?? '' }
  await second.ok('approvals.decide', { params: { id: waiting?.id ?? '' }, body })
  t.equal((await second.ok('issues.show', { params: XMAS })).authorisedBy, 'issuer2')
  const limits = { params: XMAS, body: { settings: { saleMaximum: '400' }, reason } }
  t.same(
    (await issuer.ok('issues.limits', limits)).changes.map(({ setting }) => setting),
    ['saleMaximum', 'maximumBalance'].slice(0, 1),
  )
  await issuer.ok('issues.close', { params: XMAS, body: { reason } })
})

t.test('packs: what is wrong is named before anything is saved', async (t) => {
  const plan = { issue: 'PACKED', ...none }
  await issuer.ok('issues.plan', { body: { settings: { ...settings, code: 'PACKED', prefix: '627798' } } })
  await issuer.ok('issues.generate', { params: { code: 'PACKED' }, body: {} })
  await menu.worked()
  const found = await issuer.ok('packs.plan', { body: { ...plan, serials: '1-3, 5, 30' } })
  t.same(
    found.findings.map(({ finding, count, allowable }) => [finding, count, allowable]),
    [
      ['gap', 25, true],
      ['not_made', 1, false],
    ],
  )
  const input = { ...plan, recipient: STORE, allowed: [], reason }
  t.equal((await issuer.ok('packs.make', { body: { ...input, serials: '1-3,5' } })).pack, null)
  const { pack } = await issuer.ok('packs.make', { body: { ...input, serials: '1-3,5', allowed: ['gap'] } })
  const listed = await manager.ok('packs.list', { query: { issue: 'PACKED' } })
  t.same(
    listed.items.map(({ id, cards, state }) => [id, cards, state]),
    [[pack, 4, 'made']],
  )
  const file = { name: 'serials.csv', content: 'serial\n7\n8\n' }
  t.equal((await issuer.ok('packs.plan', { body: { ...plan, file } })).cards, 2)
  const [own, theirs] = [
    await issuer.ok('packs.show', { params: { id: pack ?? '' } }),
    await manager.ok('packs.show', { params: { id: pack ?? '' } }),
  ]
  t.match(own.events[0]?.detail, /4 cards, serial 1-3, 5/u)
  t.equal(theirs.events[0]?.detail, '4 cards', 'serials are for issuers')
})

t.test('a pack goes its way; a card that is scanned is known by a handle of this session alone', async (t) => {
  const { items } = await issuer.ok('packs.list', { query: { issue: 'PACKED' } })
  const id = items[0]?.id ?? ''
  const params = { id }
  await issuer.ok('packs.dispatch', { params, body: { reason } })
  const unknown = await manager
    .ok('packs.scan', { body: { text: '6277980000000000003'.slice(0, 16), pack: id, issue: null } })
    .catch(() => null)
  t.equal(unknown?.finding ?? 'unknown', 'unknown')
  t.equal(await manager.code('packs.scan', { body: { text: 'no number', pack: id, issue: null } }), 'not_a_card_number')
  const receipt = { scanned: [`h_${'x'.repeat(22)}`], file: null, missingAreLost: false, reason: '' }
  t.equal(await manager.code('packs.receive', { params, body: receipt }), 'no_such_handle')
  const file = { name: 'scans.csv', content: 'serial\n1\n2\n3\n7\n' }
  const differs = await manager.ok('packs.receive', { params, body: { ...receipt, scanned: [], file } })
  t.same([differs.received, differs.missing.count, differs.surplus.count], [false, 1, 1])
  const all = { name: 'scans.csv', content: 'serial\n1\n2\n3\n5\n' }
  t.equal((await manager.ok('packs.receive', { params, body: { ...receipt, scanned: [], file: all } })).received, true)
  t.equal(await issuer.code('packs.activate', { params, body: { reason } }), 'issue_to_be_activated')
  await issuer.ok('packs.return', { params, body: { reason } })
  const { pack } = await issuer.ok('packs.make', {
    body: { issue: 'PACKED', ...none, serials: '1-3', recipient: STORE, allowed: [], reason },
  })
  await issuer.ok('packs.kill', { params: { id: pack ?? '' }, body: { reason } })
  const { state, steps } = await issuer.ok('packs.show', { params: { id: pack ?? '' } })
  t.same([state, steps.some(({ possible }) => possible)], ['killed', false])
  const alerts = await (await menu.signedIn('admin')).ok('alerts.list')
  t.ok(
    alerts.items.some(({ kind }) => kind === 'pack_killed'),
    'and somebody is told',
  )
  const today = async (login: string) => (await (await menu.signedIn(login)).ok('today.show')).killedPacks
  t.match(await today('issuer2'), [{ pack }], 'every issuer')
  t.same(await today('auditor'), [])
})
