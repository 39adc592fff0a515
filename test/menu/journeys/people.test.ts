import { generateSync } from 'otplib'
import t from 'tap'
import { DEMO_PASSWORD } from '../../../src/demo/people.ts'
import { fillByKeyboard, journeys, signIn } from './setting.ts'

/* Journey 8: somebody is invited, sets up codes, and is disabled: the session ends at once; and an own role. */

const journey = await journeys(t)
const PASSWORD = 'a sentence nobody guesses'

t.test('invited, enrolled, disabled', async (t) => {
  const admin = await journey.signedIn('admin', { refusals: true })
  await admin.goto('/users')
  await admin.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  await admin.getByRole('button', { name: 'Invite', exact: true }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Login', { exact: true }).fill('n.nowa')
  await dialog.getByLabel('Name', { exact: true }).fill('Natalia Nowa')
  await dialog.getByLabel('Help desk').check()
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await dialog.getByLabel('One-time link').inputValue()
  t.match(link, new RegExp(`^${journey.origin}/invitation#`))
  await journey.screenshot(admin, '8-invited')

  const page = await journey.visit({ refusals: true })
  await page.goto(link)
  await page.getByRole('heading', { level: 1, name: 'Welcome, Natalia Nowa' }).waitFor()
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Password again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password' }).click()
  await page.waitForURL('**/sign-in')
  await signIn(page, 'n.nowa', PASSWORD)

  await page.goto('/profile')
  await page.getByRole('button', { name: 'Set up codes' }).click()
  const secret = (await page.getByText('Or type this key:').locator('strong').textContent()) ?? ''
  await page.getByLabel('Code', { exact: true }).fill(generateSync({ secret: secret.replaceAll(' ', '') }))
  await page.getByRole('dialog').getByRole('button', { name: 'Confirm', exact: true }).click()
  await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
  t.equal(
    await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count(),
    10,
    'ten recovery codes',
  )
  const recovery =
    (await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').first().textContent()) ?? ''
  await journey.screenshot(page, '8-enrolled')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByRole('button', { name: 'Set up codes anew' }).waitFor()

  const other = await journey.visit({ refusals: true })
  await other.goto('/sign-in')
  await other.getByLabel('Login', { exact: true }).fill('n.nowa')
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await other.getByLabel('Code', { exact: true }).fill(recovery)
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await other.getByRole('navigation').waitFor()

  await admin.getByRole('button', { name: 'Close', exact: true }).last().click()
  const row = admin.getByRole('row').filter({ hasText: 'n.nowa' })
  await row.getByRole('button', { name: 'Disable', exact: true }).click()
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  await admin.getByText('Natalia Nowa is disabled.').waitFor()
  await row.getByText('Disabled', { exact: true }).waitFor()
  await other.goto('/profile')
  await other.waitForURL('**/sign-in**')
  t.pass('the session ended at once')
  await journey.screenshot(other, '8-ended')
})

t.test('8: an own role is made by keyboard, given, changed in use, and stays while somebody has it', async () => {
  const admin = await journey.signedIn('admin', { refusals: true })
  await admin.goto('/users?view=roles')
  await fillByKeyboard(
    admin,
    'Make a role',
    [
      ['Name', 'Shift leader'],
      ['Code', 'shiftLeader'],
      ['Block', 'Space'],
      ['See cases', 'Space'],
    ],
    'Make',
  )
  const row = admin.getByRole('table', { name: 'Roles' }).getByRole('row').filter({ hasText: 'shiftLeader' })
  await row.getByText('2', { exact: true }).waitFor()

  const dialog = admin.getByRole('dialog')
  await admin.goto('/users')
  await admin.getByRole('button', { name: 'Change Artur Bielak' }).click()
  await dialog.getByLabel('Shift leader').check()
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await admin.getByRole('table', { name: 'Users' }).getByText('Auditor, Shift leader').waitFor()

  await admin.goto('/users?view=roles')
  await admin.getByRole('button', { name: 'Change Shift leader' }).click()
  await dialog.getByText('Somebody has this role, so it can’t be removed.').waitFor()
  await dialog.getByRole('checkbox', { name: 'Receive packs', exact: true }).check()
  await dialog.getByLabel('Where: Receive packs').selectOption('own')
  await journey.screenshot(admin, '8-role')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await row.getByText('3', { exact: true }).waitFor()
  await journey.screenshot(admin, '8-roles')
})

t.test(
  'a page that nobody uses says so, warns, and is left when its session has ended; after signing in it is there again',
  async (t) => {
    const page = await journey.signedIn('auditor', { refusals: true })
    await page.clock.install()
    await page.goto('/users?view=rights')
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    const unused = async () => Number((await page.waitForRequest('**/api/today')).headers()['x-unused-seconds'])
    await page.clock.fastForward('14:00')
    t.ok((await unused()) >= 14 * 60, 'a request that nobody made')
    await page.getByText('you will be signed out soon').waitFor()
    await page.keyboard.press('Shift')
    await page.clock.fastForward(6_000)
    await page.getByText('you will be signed out soon').waitFor({ state: 'hidden' })
    await page.clock.fastForward(20_000)
    t.ok((await unused()) < 60, 'a key is a use')
    await journey.sql(`UPDATE sessions SET seen_at = seen_at - INTERVAL 16 MINUTE WHERE login = 'auditor'`)
    await page.clock.fastForward(20_000)
    await page.waitForURL('**/sign-in?to=**')
    await page.getByText('Your session has ended').waitFor()
    await journey.screenshot(page, '8-session-ended')
    await page.getByLabel('Login', { exact: true }).fill('auditor')
    await page.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL('**/users?view=rights')
    t.pass('at the same page')
  },
)

t.test('nothing on the console', async (t) => void t.same(journey.complaints(), []))
