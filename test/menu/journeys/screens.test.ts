import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t from 'tap'
import { journeys } from './setting.ts'

/*
 * Every screen in both themes, in Polish, whose texts are longer: axe finds nothing serious, nothing is wider than a window or
 * a tablet, and the console is empty.
 */

const journey = await journeys(t, { AKART_CONFIRM_TIMEOUT_SECONDS: '1' })
for (const amount of ['31.40', '999.00', '12.99'])
  await journey.send('payment', '--card', 'sold:1', '--amount', amount, '--confirm')
await journey.send('payment', '--card', 'sold:2', '--amount', '7.89')

/** A user who may see every screen: only for this test. */
await journey.sql(
  "UPDATE users SET roles = 'administrator,issuer,accountant,helpDesk,auditor', language = 'pl' WHERE login = 'admin'",
)
/** A batch with a page full of findings, each of which has to be accepted or only read. */
await journey.sql(`INSERT INTO welfare_batches (id, employer_code, currency, state, file_name, read_as, sha256, row_count, amount, stops, prepared_by, prepared_at)
   VALUES (9001, 'FABRYKA', 985, 'checked', 'premie-świąteczne-zakład-w-Skarżysku-Kamiennej-listopad.csv',
     '{"format":"csv","separator":";","encoding":"windows-1250","decimal":",","sheet":null}', REPEAT('x', 32), 200, 12345600, 0, 'accountant', NOW(3));
   INSERT INTO welfare_findings (batch_id, line, place, field, code, value, details)
   SELECT 9001, seq + 1, 0, 'amount', 'double_in_batch', '120,00', '{"batch":7,"day":{"en":"2 Nov 2026","pl":"2 lis 2026"}}' FROM seq_1_to_200`)
const page = await journey.signedIn('admin')

const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']

// The rows of a table are alike: of 200 axe looks at the first ones.
const FURTHER_ROWS = 'tbody tr:nth-child(n+8)'

type Finding = { readonly id: string; readonly impact: string | null; readonly where: readonly string[] }

/** @param rules a theme changes nothing but colours */
async function findings(page: Page, rules: readonly string[]): Promise<Finding[]> {
  const asked = JSON.stringify({ resultTypes: ['violations'], runOnly: rules })
  const { violations } = (await page.evaluate(
    `axe.run({ exclude: [['${FURTHER_ROWS}']] }, ${asked})`,
  )) as axe.AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => ({
      id,
      impact: impact ?? null,
      where: nodes.map(({ html }) => html.slice(0, 160)),
    }))
}

/** Skeletons are gone, and the data are there. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  // A screen may have several panels that load: no one of them is waited for by name.
  await page.locator('body:not(:has([role=status][aria-label]))').waitFor()
}

/** Wider than the window: something runs over its edge. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

await page.getByRole('navigation').first().waitFor()
const pages = await page
  .getByRole('navigation')
  .first()
  .getByRole('link')
  .evaluateAll((links) => links.map((link) => (link as unknown as { pathname: string }).pathname))

/** The first link of a list, to one of its records. */
async function recordOf(list: string, under: string): Promise<string> {
  await page.goto(list)
  const link = page.locator(`main a[href^="${under}"]`).first()
  await link.waitFor()
  return (await link.getAttribute('href')) ?? list
}

const records = [
  await recordOf('/cards?state=sold', '/cards/'),
  await recordOf('/transactions?response=51', '/transactions/'),
  await recordOf('/cases', '/cases/'),
  await recordOf('/issues', '/issues/'),
  await recordOf('/packs', '/packs/'),
  await recordOf('/stores', '/stores/'),
  await recordOf('/terminals', '/terminals/'),
  await recordOf('/shops', '/shops/'),
  await recordOf('/welfare', '/welfare/employers/'),
  '/welfare/9001',
]
const screens = [...new Set([...pages.filter((path) => path !== '/'), '/users?view=roles', '/find', ...records])]
const nameOf = (path: string): string =>
  `screen-${path
    .slice(1)
    .replace(/\/(?:\d+|[A-Z0-9]+)$/u, '-one')
    .replaceAll('/', '-')}`

t.test('each screen, light and dark, on a desk and on a tablet', async (t) => {
  t.ok(screens.length >= 14, screens.join(' '))
  for (const path of screens) {
    await page.goto(path)
    await settled(page)
    t.equal(await page.locator('html').getAttribute('lang'), 'pl', path)
    await page.evaluate(axe.source)
    t.same(await findings(page, EVERYTHING), [], `${path}, light`)
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    t.same(await findings(page, ['color-contrast']), [], `${path}, dark`)
    t.ok((await overhang(page)) <= 0, `${path} fits 1280 px`)
    await journey.screenshot(page, `${nameOf(path)}-dark`)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.setViewportSize({ width: 1024, height: 768 })
    t.ok((await overhang(page)) <= 0, `${path} fits 1024 px`)
    await journey.screenshot(page, `${nameOf(path)}-tablet`)
    await page.setViewportSize({ width: 768, height: 1024 })
    t.ok((await overhang(page)) <= 0, `${path} fits 768 px`)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
})

t.test('nothing on the console', async (t) => {
  t.same(journey.complaints(), [])
})
