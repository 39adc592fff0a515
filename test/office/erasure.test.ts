import { createHash } from 'node:crypto'
import t from 'tap'
import { chainOnce } from '../../src/db/audit-chain.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { countMailedTo } from '../../src/db/sql/erasure.ts'
import { verifyAudit } from '../../src/office/audit-verification.ts'
import { decideErasure, openErasures, type PersonRef, proposeErasure } from '../../src/office/erasure.ts'
import { disableUser, inviteUser } from '../../src/office/users.ts'
import { addEmployee, employeeLeaves } from '../../src/office/welfare/employees.ts'
import { loadList } from '../../src/office/welfare/load-list.ts'
import { withdrawBatch } from '../../src/office/welfare/propose.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok } from './test-office.ts'
import { csv, JAN, OLA, welfareSetting } from './welfare/welfare-setting.ts'

/* A person is erased by two others: no text of the database contains the name or address afterwards, and the checks of books and audit succeed. */

const NAME = 'Zyta Gęślowska'
const NUMBER = 'PRS-4711'
const MAIL = 'zyta.geslowska@mail.example'
const reason = 'letter of 12 November'

const { setting, office, rows, soldCards, booked, verified, pay } = await welfareSetting(t)
const { connection, access } = setting
await everyChangeIsAudited(t, access, connection)

/** Every column of the database that has this text; `but`: not looked at. */
async function columnsWith(text: string, but: readonly string[] = []): Promise<string[]> {
  const columns = await rows(
    `SELECT table_name AS tableName, column_name AS columnName FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = DATABASE()
     AND table_type = 'BASE TABLE' AND data_type IN ('varchar', 'char', 'text', 'mediumtext', 'longtext')`,
  )
  const found: string[] = []
  for (const { tableName, columnName } of columns) {
    if (but.includes(String(tableName))) continue
    const sql = `SELECT 1 FROM \`${String(tableName)}\` WHERE CONVERT(\`${String(columnName)}\` USING utf8mb4) LIKE ? LIMIT 1`
    if ((await rows(sql, [`%${text}%`])).length > 0) found.push(`${String(tableName)}.${String(columnName)}`)
  }
  return found.sort()
}

async function audited(): Promise<readonly string[]> {
  const worker = workerConnection(access)
  while (((await chainOnce(worker, office.keys().audit, 500))?.appended ?? 0) > 0);
  await worker.close()
  return (await ok(verifyAudit(office, OLA, null))).faults
}

const propose = (ref: PersonRef) => proposeErasure(office, OLA, { ...ref, reason })

t.test('an employee who has left', async (t) => {
  const [card] = await soldCards(1)
  if (card === undefined) return
  // A list from before there was such an employee: it names the person, and no row of it is linked to one.
  const early = await ok(loadList(office, OLA, { employer: 'ACME', file: csv('early.csv', 'employee,name,amount,note', `${NUMBER},${NAME},40,for ${NAME}`) })) // prettier-ignore
  await ok(addEmployee(office, OLA, { employer: 'ACME', number: NUMBER, name: NAME, email: MAIL, card: card.number }))
  await booked(csv('list.csv', 'employee,name,amount,note', `${NUMBER},${NAME},50,for ${NAME}`), ['name_differs'])
  await pay(card, 1_000)
  const ref = { person: 'employee', employer: 'ACME', number: NUMBER } as const
  t.match(await propose(ref), { refused: 'erasure_waits' }, 'who is employed is not erased')
  await ok(employeeLeaves(office, OLA, { employer: 'ACME', number: NUMBER }))
  t.same(await columnsWith(NAME), ['employees.name', 'welfare_rows.name', 'welfare_rows.note'])
  t.match(await propose(ref), { refused: 'erasure_waits' }, 'an earlier list waits that names the person')
  await ok(withdrawBatch(office, OLA, { id: early.id, reason }))
  const id = await ok(propose(ref))
  t.match(await propose(ref), { refused: 'already_proposed' })
  t.match(await openErasures(office), [{ id, shown: `ACME ${NUMBER} ${NAME}` }])
  t.match(await decideErasure(office, OLA, { id, approve: true, reason }), { refused: 'own_request' })
  await ok(decideErasure(office, JAN, { id, approve: true, reason }))
  t.same([await columnsWith(NAME), await columnsWith(MAIL)], [[], []], 'no text has the name or the address')
  t.same(await columnsWith(NUMBER), ['audit.details'], "the employer's number is in the audit alone")
  t.match(await rows('SELECT state, name, email FROM employees WHERE card_id = ?', [card.id]), [{ state: 'left', name: 'erased', email: null }]) // prettier-ignore
  t.same([await verified(), await audited()], [[], []], 'books and audit verify')
})

t.test('a user who is disabled', async (t) => {
  const login = 'zyta'
  const person = { login, name: NAME, email: MAIL, roles: ['helpDesk'], stores: [] }
  await ok(inviteUser(office, OLA, person))
  t.match(await propose({ person: 'user', login }), { refused: 'erasure_waits' })
  await ok(disableUser(office, OLA, { login }))
  const refused = await ok(propose({ person: 'user', login }))
  await ok(decideErasure(office, JAN, { id: refused, approve: false, reason }))
  t.same(await columnsWith(NAME), ['users.name'], 'a refusal leaves all as it is')
  const id = await ok(propose({ person: 'user', login }))
  await connection.query(
    `INSERT INTO grants (id, login, what, roles, stores, by_login, at, state)
     VALUES (9000010, ?, 'invitation', '', '', ?, FROM_UNIXTIME(? / 1000), 'done')`,
    [JAN.login, OLA.login, office.clock()],
  )
  const dependent = await decideErasure({ ...office, demo: false }, JAN, { id, approve: true, reason })
  t.match(dependent, { refused: 'not_second_person' }, 'nor by whom they invited, on the command line either')
  await connection.query('DELETE FROM grants WHERE id = 9000010')
  await ok(decideErasure(office, JAN, { id, approve: true, reason }))
  t.same([await columnsWith(NAME), await columnsWith(MAIL)], [[], []])
  t.match(await rows('SELECT name, state, password FROM users WHERE login = ?', [login]), [{ name: 'erased', state: 'disabled', password: null }]) // prettier-ignore
  t.match(await propose({ person: 'user', login: 'nobody' }), { refused: 'no_such_user' })
  t.same(await audited(), [])
})

t.test('whoever got e-cards by mail', async (t) => {
  const ecard = (id: number, state: string) =>
    connection.query(
      `INSERT INTO ecards (id, issue_id, amount, buyer_kind, buyer_code, email, language, state, proposed_by, proposed_at,
       decided_by, due_at) SELECT ?, MIN(id), 5000, 'store', '000000000000001', ?, 'en', ?, 'ola', NOW(3), 'jan',
       IF(? = 'sending', NOW(3), NULL) FROM issues`,
      [id, MAIL, state, state],
    )
  await ecard(9_000_001, 'sent')
  await ecard(9_000_002, 'sending')
  const ref = { person: 'address', address: MAIL.toUpperCase() } as const
  t.match(await propose(ref), { refused: 'erasure_waits' }, 'a mail is on its way')
  await connection.query("UPDATE ecards SET state = 'failed', due_at = NULL WHERE id = 9000002")
  const other = 'other@mail.example'
  await connection.query(
    `INSERT INTO proposals (id, kind, subject, wish, reason, by_login, at, decided_by, decided_at, approved)
     VALUES (9000003, 'ecard', 9000001, ?, '', 'ola', NOW(3), 'jan', NOW(3), 0)`,
    [JSON.stringify({ act: 'address', email: other })],
  )
  const refused = await ok(propose({ person: 'address', address: other }))
  await ok(decideErasure(office, JAN, { id: refused, approve: true, reason }))
  t.same(await columnsWith(other), [], 'an address that was asked for and refused')
  const id = await ok(propose(ref))
  t.same(await columnsWith(MAIL), ['ecards.email'], 'the proposal does not hold the address')
  // MySQL calls the key an index here.
  const [plan] = await rows(`EXPLAIN FORMAT=JSON ${countMailedTo(createHash('sha256').update(MAIL).digest('hex'))}`)
  const used = [
    ...JSON.stringify(Object.values(plan ?? {})).matchAll(/(?:key|index_name)\W+(ecards_\w+|proposals_\w+)/gu),
  ]
  t.same([...new Set(used.map(([, key]) => String(key)))].sort(), ['ecards_address', 'proposals_one_open'], 'not all e-cards and proposals are read') // prettier-ignore
  t.match(await openErasures(office), [{ shown: 'z***@mail.example (2)' }])
  await ok(decideErasure(office, JAN, { id, approve: true, reason }))
  t.same(await columnsWith(MAIL), [])
  t.match(await propose(ref), { refused: 'no_such_person' })
  t.same([await verified(), await audited()], [[], []])
})
