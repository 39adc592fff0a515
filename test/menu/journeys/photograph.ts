import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import type { Page, Route } from 'playwright-core'
import { REPORT_NAMES } from '../../../src/office/reports/reports.ts'
import { TEXTS, type TextId } from '../../../src/menu/ui/src/i18n/texts.ts'
import { LAYOUT_FAULTS, SEEN_TEXTS, textFaults } from './photograph-findings.ts'
import { furnished } from './photograph-setting.ts'
import { journeys } from './setting.ts'

/*
 * `make photographs`: every screen in both languages and themes, 1280 and 1024 px wide, lists with 0, 3 and 200 rows, into
 * build/photographs; what a machine can see of each is in its report.txt. SCREENS=packs,pack takes some, and so do LANGUAGES=pl,
 * ROWS=3, SCHEMES=light and WIDTHS=1280. Not a test.
 */

const PICTURES = fileURLToPath(new URL('../../../photographs/', import.meta.url))
const LANGUAGES = ['pl', 'en'] as const
type Language = (typeof LANGUAGES)[number]
const LOCALES = { pl: 'pl-PL', en: 'en-GB' } as const
const ALL_WIDTHS = [1280, 1024] as const
const SCHEMES = ['light', 'dark'] as const
const ROWS = [3, 0, 200] as const
/** A page that is taller shows the same further down. */
const TALLEST_PX = 2400

type Screen = {
  readonly name: string
  readonly path: string
  /** The first record that a link of the page at `path` leads to. */
  readonly first?: string
  /** A list: as many rows as are wanted, whatever the server has. */
  readonly list?: true
  /** Buttons that are pressed one after the other, such as the one that opens a dialog. */
  readonly opens?: readonly TextId[]
}

const list = (name: string, path = `/${name}`): Screen => ({ name, path, list: true })
const page = (name: string, path = `/${name}`): Screen => ({ name, path })
const record = (name: string, path: string, first: string): Screen => ({ name, path, first })
const dialog = (screen: Screen, ...opens: TextId[]): Screen => ({
  ...screen,
  name: `${screen.name}-${opens.at(-1)?.replace('.', '-')}`,
  opens,
})

const issue = page('issue', '/issues/CLUB')
const sold = page('issue-sold', '/issues/OPEN')
const draft = page('issue-draft', '/issues/WIOSNA27')
const pack = record('pack', '/packs?state=active', '/packs/')
const made = record('pack-made', '/packs?state=made', '/packs/')
const sent = record('pack-sent', '/packs?state=dispatched', '/packs/')
const store = record('store', '/stores', '/stores/')
const terminal = page('terminal', '/terminals/DEMO0001')
const shop = record('shop', '/shops', '/shops/')
const card = record('card', '/cards?state=sold', '/cards/')
const counterparty = page('counterparty', '/counterparties/FABRYKA')
const roles = page('users-roles', '/users?view=roles')
const employer = record('employer', '/welfare', '/welfare/employers/')

const SCREENS: readonly Screen[] = [
  page('today'), page('find'), list('cards'), card, list('transactions'),
  record('transaction', '/transactions?response=51', '/transactions/'), list('cases'), record('case', '/cases', '/cases/'),
  list('approvals'), page('approvals-decided', '/approvals?open=false'), list('users'), roles, page('users-rights', '/users?view=rights'), list('audit'), list('alerts'), list('jobs'), page('profile'),
  page('settings'), list('issues'), issue, draft, list('packs'), pack, made, sent, list('ecards'), list('stores'), store,
  list('terminals'), terminal, list('shops'), shop, list('upstreams'), list('counterparties'), counterparty,
  page('reports'), ...REPORT_NAMES.map((name) => page(`report-${name}`, `/reports/${name}`)), list('settlements'),
  record('settlement', '/settlements', '/settlements/'), page('welfare'), employer, page('batch', '/welfare/9001'),
  dialog(page('issues'), 'issue.plan'), dialog(draft, 'issue.change'), dialog(sold, 'issue.limits'), dialog(sold, 'issue.close'),
  dialog(page('packs'), 'pack.make'), dialog(made, 'pack.dispatch'), dialog(sent, 'pack.receive'), dialog(sent, 'pack.kill'),
  dialog(page('ecards'), 'ecard.sell'), dialog(page('stores'), 'store.add'), dialog(page('stores'), 'store.import'),
  dialog(store, 'store.edit'), dialog(page('terminals'), 'terminal.add'), dialog(terminal, 'terminal.edit'),
  dialog(terminal, 'key.give'), dialog(terminal, 'terminal.bind'), dialog(terminal, 'terminal.demand'),
  dialog(page('shops'), 'shop.add'), dialog(page('shops'), 'kiosk.add'), dialog(shop, 'shop.edit'), dialog(shop, 'shop.addKey'),
  dialog(card, 'card.block'), dialog(card, 'card.adjust'), dialog(card, 'card.extend'), dialog(card, 'card.duplicate'),
  dialog(page('users'), 'users.invite'), dialog(roles, 'roles.make'), dialog(page('counterparties'), 'counterparties.add'),
  dialog(page('counterparties'), 'counterparties.import'), dialog(counterparty, 'counterparties.pay'),
  dialog(counterparty, 'counterparties.setLimit'), dialog(counterparty, 'counterparties.close'), dialog(page('settlements'), 'settlements.propose'),
  dialog(page('reports'), 'schedules.add'), dialog(page('cases'), 'journal.match'), dialog(page('today'), 'top.keys'),
] // prettier-ignore

/** Those that a variable of the environment names, separated by commas; all without it. */
function chosen<T>(variable: string, all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const names = new Set((process.env[variable] ?? '').split(',').filter(Boolean))
  const some = all.filter((one) => names.size === 0 || names.has(nameOf(one)))
  if (some.length === 0) throw new Error(`${variable} names none of ${all.map(nameOf).join(', ')}`)
  return some
}
const screens = chosen('SCREENS', SCREENS, ({ name }) => name)
const languages = chosen('LANGUAGES', LANGUAGES, String)
const rowCounts = chosen('ROWS', ROWS, String)
const schemes = chosen('SCHEMES', SCHEMES, String)
const widths = chosen('WIDTHS', ALL_WIDTHS, String)
/** axe looks at one of them. */
const [firstWidth = 1280] = widths

const found: string[] = []
const say = (screen: string, what: string): void => {
  if (!found.includes(`${screen}: ${what}`)) found.push(`${screen}: ${what}`)
}
let pictures = 0

/** Skeletons are gone, and what was asked for is there. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('body:not(:has([role=status][aria-label]))').waitFor()
}

/** Answers a list with so many rows: cut, or the same ones again. */
async function withRows(route: Route, rows: number): Promise<void> {
  try {
    const response = await route.fetch()
    const answer = (await response.json()) as { items: readonly Record<string, unknown>[] }
    const { items } = answer
    const many = Array.from({ length: items.length === 0 ? 0 : rows }, (_, at) => {
      const item = items[at % items.length] ?? {}
      return at < items.length || typeof item['id'] !== 'string' ? item : { ...item, id: `${item['id']}${at}` }
    })
    await route.fulfill({ response, json: { ...answer, items: many } })
  } catch {
    // The page was left meanwhile: nobody waits for it.
    await route.abort().catch(() => undefined)
  }
}

async function opened(page: Page, screen: Screen, language: Language): Promise<void> {
  await page.goto(screen.path)
  await settled(page)
  if (screen.first !== undefined) {
    const link = page.locator(`main a[href^="${screen.first}"]`).first()
    await link.waitFor({ timeout: 10_000 })
    await page.goto((await link.getAttribute('href')) ?? '')
    await settled(page)
  }
  for (const id of screen.opens ?? []) {
    const name = TEXTS[id]?.[language === 'en' ? 0 : 1] ?? id
    await page.getByRole('button', { name, exact: true }).first().click({ timeout: 10_000 })
    await page.getByRole('dialog').waitFor({ timeout: 10_000 })
    await settled(page)
  }
}

async function axeFaults(page: Page, rules: readonly string[]): Promise<string[]> {
  const asked = JSON.stringify({ resultTypes: ['violations'], runOnly: rules })
  const { violations } = (await page.evaluate(`axe.run(document, ${asked})`)) as axe.AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 160)}`)
}

const AXE = { light: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], dark: ['color-contrast'] } as const

/** One page as it stands, in both themes and widths. */
async function photographed(page: Page, screen: Screen, language: Language, rows: number | null): Promise<void> {
  const about = `${screen.name}${rows === null ? '' : ` ${rows} rows`}, ${language}`
  for (const fault of textFaults((await page.evaluate(SEEN_TEXTS)) as string[], language)) say(about, fault)
  await page.evaluate(axe.source)
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 })
    for (const fault of (await page.evaluate(LAYOUT_FAULTS)) as string[]) say(`${about}, ${width} px`, fault)
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      if (width === firstWidth)
        for (const fault of await axeFaults(page, AXE[scheme])) say(`${about}, ${scheme}`, fault)
      const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
      const name = [screen.name, rows, language, width, scheme].filter((part) => part !== null).join('-')
      const clip = { x: 0, y: 0, width, height: Math.min(height, rows === 200 ? 800 : TALLEST_PX) }
      await page.screenshot({ path: `${PICTURES}${name}.png`, fullPage: true, clip })
      pictures++
    }
  }
  await page.setViewportSize({ width: firstWidth, height: 800 })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

const ends: (() => Promise<void>)[] = []
const world = { teardown: (end: () => Promise<void>) => void ends.unshift(end) }
try {
  const journey = await furnished(world, journeys)
  if (screens.length === SCREENS.length) await rm(PICTURES, { recursive: true, force: true })
  await mkdir(PICTURES, { recursive: true })
  for (const language of languages) {
    const page = await journey.signedIn('admin', { language: LOCALES[language] })
    let wish = { path: '', rows: 0 }
    await page.route('**/api/**', (route) => {
      const isList =
        new URL(route.request().url()).pathname === `/api${wish.path}` && route.request().method() === 'GET'
      return isList ? withRows(route, wish.rows) : route.fallback()
    })
    for (const screen of screens) {
      for (const many of screen.list === true ? rowCounts : [null]) {
        const before = journey.complaints().length
        try {
          wish = many === null ? { path: '', rows: 0 } : { path: screen.path, rows: many }
          await opened(page, screen, language)
          await photographed(page, screen, language, many)
        } catch (error) {
          say(screen.name, `not photographed: ${String(error).split('\n').slice(0, 2).join(' ')}`)
        }
        for (const said of journey.complaints().slice(before)) say(screen.name, `console: ${said}`)
      }
    }
    await page.context().close()
  }
  await writeFile(`${PICTURES}report.txt`, found.map((line) => `${line}\n`).join(''))
  for (const line of found) console.log(line)
  console.log(
    `${pictures} pictures of ${screens.length} screens in ${PICTURES}, ${found.length} findings in report.txt`,
  )
} finally {
  for (const end of ends) await end()
}
// The pools of a test would otherwise wait for its test to end.
process.exit()
