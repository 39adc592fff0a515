import t from 'tap'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { writeAudit } from '../../src/db/audit.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import { decideCaseProposal, decideOrPropose } from '../../src/office/case-deciding.ts'
import { decideCase, listCases } from '../../src/office/cases.ts'
import { closeIssue, createIssue, replanIssue } from '../../src/office/issues.ts'
import { changeSettings } from '../../src/office/settings.ts'
import { importStores, importTerminals } from '../../src/office/registry-import.ts'
import { addKiosk, removeKiosk } from '../../src/office/kiosks.ts'
import { emergencyReset } from '../../src/office/user-emergencies.ts'
import { recordRestore } from '../../src/office/database-restore.ts'
import { disableUser, enableUser, resetUser } from '../../src/office/users.ts'
import { addCounterparty } from '../../src/office/counterparties.ts'
import { setAccounts, showAccounts } from '../../src/office/settlement/accounts.ts'
import { addEmployee } from '../../src/office/welfare/employees.ts'
import { makeEmployer } from '../../src/office/welfare/employers.ts'
import { importEmployees } from '../../src/office/welfare/import-employees.ts'
import { loadList } from '../../src/office/welfare/load-list.ts'
import { withdrawBatch } from '../../src/office/welfare/propose.ts'
import { testDatabase } from '../database.ts'
import { STORE } from '../engine/engine-setting.ts'
import { issueOf } from '../jobs/issues.ts'
import { openCases } from '../menu/open-cases.ts'
import { menuForTest } from '../menu/setting.ts'
import { canWatch, tablesUnsaid, watchAudit } from './audit-watch.ts'
import { ok, person } from './test-office.ts'
import { csv as upload, employer } from './welfare/welfare-setting.ts'

/**
 * Every change is recorded in its own transaction: every use case is played by a test whose database observes
 * transactions without an audit row (audit-watch.ts). This file lists which test plays which use case, tests the watch
 * itself, and plays the rest.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

t.test('cases, issues, files of shops and people: what no other test plays', async (t) => {
  const menu = await menuForTest(t)
  const { office } = menu
  const [ola, jan] = [person('ola'), person('jan')]
  const reason = 'as agreed'
  const card = demoCards(deriveCardKeys(DEMO_MASTER)).find(({ issue, state }) => issue === 'OPEN' && state === 'sold')
  const number = card?.number ?? ''

  await ok(changeSettings(office, ola, { values: { caseLimit: 5 }, recipients: ['alerts@shop.example'] }))
  await openCases(
    menu,
    [100, 200, 1_000].map((amount, i) => ({ number, stan: 700 + i, amount })),
  )
  const cases = (await ok(listCases(office, ola, { open: true, most: 10 }))).map(({ id }) => id)
  const [first = 0, second = 0, third = 0] = cases.sort((a, b) => a - b)
  await ok(decideCase(office, ola, { case: first, decision: 'confirm', reason }))
  t.equal((await ok(decideOrPropose(office, ola, { id: second, happened: false, reason, bearer: null }))).waits, null)
  const { waits } = await ok(decideOrPropose(office, ola, { id: third, happened: true, reason, bearer: null }))
  await ok(decideCaseProposal(office, jan, { id: waits ?? 0, approve: true, reason }))

  const plan = issueOf({ code: 'PLAN', prefix: '629917' })
  await ok(createIssue(office, ola, plan))
  await ok(replanIssue(office, jan, { issue: 'PLAN', given: new Map([['name', 'Another']]) }))
  await ok(closeIssue(office, jan, { issue: 'OPEN', reason }))

  const csv = (...lines: readonly string[]) => ({ name: 'shops.csv', content: `${lines.join('\n')}\n` })
  const dryRun = false
  await ok(importStores(office, ola, { file: csv('store,name', 'IMPORTED,Imported'), dryRun }))
  await ok(importTerminals(office, ola, { file: csv('terminal,store', 'IMPORT01,IMPORTED'), dryRun }))

  await ok(addKiosk(office, ola, { code: 'CHECK-1', store: STORE, networks: [] }))
  await ok(removeKiosk(office, ola, { code: 'CHECK-1' }))

  const [ledger] = await ok(showAccounts(office, ola))
  await ok(setAccounts(office, ola, { [ledger?.account ?? '']: '201-1' }))

  await ok(addCounterparty(office, ola, { code: 'FIRM', name: 'Firm' }))
  await ok(makeEmployer(office, ola, employer('FIRM')))
  await ok(addEmployee(office, ola, { employer: 'FIRM', number: '1', name: 'One', email: null, card: null }))
  await ok(importEmployees(office, ola, { employer: 'FIRM', file: upload('people.csv', 'employee,name', '2,Two') }))
  const list = await ok(
    loadList(office, ola, { employer: 'FIRM', file: upload('list.csv', 'employee,amount', '1,10') }),
  )
  await ok(withdrawBatch(office, ola, { id: list.id, reason }))

  await ok(emergencyReset(office, ola, 'helpdesk'))
  await ok(resetUser(office, ola, { login: 'auditor', what: 'totp' }))
  await ok(disableUser(office, ola, { login: 'manager' }))
  await ok(enableUser(office, ola, { login: 'manager' }))

  t.same(await ok(recordRestore(office, ola, { reason, seen: { seq: 7, hash: 'a'.repeat(64) } })), { seq: 0, lost: 7 })
})

const HERE = 'office/audited.test.ts'

/** By test file, the use cases that it plays under the watch; in those of AkartMenu with the route that calls it. */
const PLAYED: Readonly<Record<string, readonly string[]>> = {
  [HERE]: [
    'decideCase', 'decideOrPropose', 'decideCaseProposal', 'changeSettings', 'replanIssue', 'closeIssue', 'importStores',
    'importTerminals', 'emergencyReset', 'resetUser', 'disableUser', 'enableUser', 'addKiosk', 'removeKiosk', 'recordRestore',
    'setAccounts', 'makeEmployer', 'addEmployee', 'importEmployees', 'withdrawBatch',
  ],
  'office/use-cases.test.ts': [
    'blockCard', 'unblockCard', 'adjustCard', 'addCounterparty', 'closeCounterparty', 'addStore', 'changeStore',
    'addTerminal', 'demandSignOn', 'bindCertificate', 'unbindCertificate', 'proposeLimits', 'decideLimits',
  ],
  'office/counterparty/counterparty.test.ts': [
    'proposeCreditLimit', 'decideCreditLimit', 'enterPayment', 'importPayments', 'correctPayment', 'decidePayments',
  ],
  'office/settlement/settlement.test.ts': ['proposeSettlement', 'decideSettlement'],
  'office/reports/reports.test.ts': ['setInput'],
  'office/archive.test.ts': ['archiveTransactions'],
  'office/erasure.test.ts': ['proposeErasure', 'decideErasure'],
  'office/reports/schedules.test.ts': ['addSchedule', 'dropSchedule', 'retryScheduled'],
  'office/welfare/batches.test.ts': ['loadList', 'correctRows', 'proposeBatch', 'decideBatch', 'linkCard'],
  'office/welfare/recall.test.ts': ['employeeLeaves', 'proposeRecall', 'decideRecall'],
  'web/webhooks.test.ts': ['setEndpoint', 'dropEndpoint', 'sendAgain'],
  'office/office.test.ts': [
    'clearCard', 'duplicateCard', 'extendCard', 'newPlastic', 'expireCards', 'decideAdjustment', 'makePack',
    'receivePack', 'dispatchPack', 'askPackSale', 'approvePackSale', 'activatePack',
  ],
  'office/packs.test.ts': ['authorisePack', 'authoriseIssue', 'returnPack', 'killPack', 'writePack'],
  'office/export.test.ts': ['createIssue', 'orderGeneration', 'exportIssue', 'activateIssue'],
  'office/proofs.test.ts': ['proofIssue'],
  'office/shops.test.ts': ['addStores', 'addTerminals', 'changeTerminal'],
  'office/web-shops.test.ts': ['addShop', 'changeShop', 'addApiKey', 'revokeApiKey'],
  'office/terminal-keys.test.ts': [
    'addMaster', 'rotateMaster', 'removeMasters', 'createKey', 'importKey', 'giveComponent', 'abandonImport', 'removeKey',
    'setMacPolicy',
  ],
  'office/command-persons.test.ts': ['changeNamedCard', 'decideMap'],
  'app/card-key.test.ts': ['rotateCardKey by rotate', 'removeCardKeys by remove'],
  'menu/cards.test.ts': ['changeCard by cards.adjust', 'revealCard by cards.reveal', 'decideApproval by approvals.decide'],
  'menu/bulk.test.ts': [
    'runBulk by bulk.run', 'undoBulk by bulk.undo', 'decideBulk by approvals.decide',
  ],
  'menu/second-persons.test.ts': ['decideCardChange by approvals.decide', 'decideSetting by approvals.decide'],
  'menu/journals.test.ts': [
    'uploadJournal by journals.upload', 'decideJournal by journals.decide', 'decideJournalProposal by approvals.decide',
  ],
  'menu/mail.test.ts': ['sellEcard by ecards.sell', 'sendEcardAgain by ecards.resend', 'decideEcard by approvals.decide'],
  'menu/issuing.test.ts': [
    'proofPictures by issues.proofs', 'proofPdf by issues.proofFile', 'sendIssue by issues.export',
    'proposeMakerKey by makers.key', 'decideMakerKey by approvals.decide',
  ],
  'menu/stores.test.ts': ['importChain by stores.import', 'changeTerminalAsked', 'decideTerminal'],
  'menu/exports.test.ts': ['exportList by exports.make'],
  'jobs/list-export.test.ts': ['cancelExport by exports.cancel'],
  'menu/own-roles.test.ts': [
    'makeRole by roles.make', 'changeRole by roles.change', 'removeRole by roles.remove', 'decideRoleChange by approvals.decide',
  ],
  'menu/users.test.ts': [
    'inviteUser by users.invite', 'changeUser by users.change', 'emergencyInvite', 'decideGrant by approvals.decide',
  ],
} // prettier-ignore

/** Nothing of money, rights or settings is changed by these. */
const CHANGES_NOTHING =
  /^(list|show|find|count|verify|plan|wouldPay|choices|rightsAt|recoveryCodesLeft|open\w+Proposals|journalMapping|previewBulk|readFor|runReport|\w+(File|Statement|Report|Ledger)$|statementOf)/u
const OWN = new Map([
  ['seeAlert', 'a mark of one\'s own'],
  ['saveSearch', 'one\'s own list'],
  ['removeSearch', 'one\'s own list'],
  ['changeProfile', 'one\'s own language and colours'],
  ['endOwnSession', 'one\'s own session'],
]) // prettier-ignore
/** Parts that use cases are made of: each is called by one of those above, within its transaction. */
const PARTS = new Set([
  'putOnRecord', 'auditStatements', 'handledBy', 'cardFor', 'cardStory', 'needsSecond', 'caseRow', 'beginExport',
  'finishExport', 'beginCardExport', 'beginProofs', 'finishProofs', 'waitingGrants', 'waitingMaps', 'waitingRoleChanges', 'proposeChange', 'doorChanged', 'dependenceObjection', 'changeIssues',
  'stepPack', 'storesAdded', 'terminalsAdded', 'terminalChanged', 'writeEvent', 'propose', 'decideProposal', 'recordChanges', 'endSessionsOf', 'applyGrant', 'apply',
  'remember', 'withinReach', 'loadKey', 'addCardKey', 'missesObjection', 'noteMiss', 'change',
  'decideApiKey', 'decideShop', 'decideEmployer', 'proposeEmployer', 'proposeApiKey', 'proposeRest', 'checkApart', 'checkHere',
]) // prettier-ignore

t.test('every use case that changes something is played under the watch', async (t) => {
  const played = new Map<string, string>()
  for (const [file, useCases] of Object.entries(PLAYED)) {
    const text = await readFile(join(ROOT, 'test', file), 'utf8')
    t.match(text, /everyChangeIsAudited|menuForTest/u, `${file} has the watch`)
    for (const one of useCases) {
      const [name = '', route] = one.split(' by ')
      t.ok(text.includes(route === undefined ? `${name}(` : `'${route}'`), `${file} plays ${one}`)
      played.set(name, file)
    }
  }
  const useCases = await exportedUseCases()
  t.ok(useCases.length > 120, `${useCases.length} functions that somebody calls`)
  for (const name of useCases) {
    const known = played.has(name) || CHANGES_NOTHING.test(name) || OWN.has(name) || PARTS.has(name)
    t.ok(known, `${name}: say in ${HERE} which test plays it`)
  }
  t.same(
    [...played.keys()].filter((name) => !useCases.includes(name)),
    [],
    'each of them is there',
  )
})

/** Functions of `src/office` that take an office and an actor. */
async function exportedUseCases(): Promise<string[]> {
  const directory = join(ROOT, 'src', 'office')
  const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))
  return texts.flatMap((text) =>
    [...text.matchAll(/^export (?:async function (\w+)|function (\w+)|const (\w+) =(?: async)? )(?:<[^(\n]*>)?\(/gmu)]
      .filter((found) => {
        const parameters = parametersFrom(text, found.index + found[0].length)
        return /office|: \w*Office|<Office/u.test(parameters) && /: Actor\b/u.test(parameters)
      })
      .map(([, ...names]) => names.find((name) => name !== undefined) ?? ''),
  )
}

function parametersFrom(text: string, start: number): string {
  let open = 1
  let end = start
  for (; open > 0 && end < text.length; end++) open += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
  return text.slice(start, end)
}

t.test('the watch sees what leaves no row, and takes no row of another transaction for it', async (t) => {
  const access = await testDatabase(t)
  t.same(await tablesUnsaid(access), [], 'of each table audit-watch.ts says whether somebody is on record for it')
  if (!(await canWatch(access))) return
  const watch = await watchAudit(access)
  const row = (id: number) => ({
    id, at: Date.now(), who: 'ola', channel: 'cli', action: 'counterparties.add', object: { kind: 'counterparty', id: 'X' },
    store: null, outcome: 'done', details: {},
  }) as const // prettier-ignore
  const add = (code: string): string => `INSERT INTO counterparties (code, name, state) VALUES ('${code}', 'X', 'open')`
  await unitOfWork(access, async (one) => {
    await one.send(add('WITH'))
    await writeAudit(one, row(1))
  })
  t.same(await watch.unaudited(), [])
  await unitOfWork(access, async (one) => void (await one.send(add('WITHOUT'))))
  await unitOfWork(access, (one) => writeAudit(one, row(2)))
  t.same(await watch.unaudited(), ['counterparties'])
})
