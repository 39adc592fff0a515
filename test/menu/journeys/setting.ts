import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../../src/demo/people.ts'
import { openConnection, toUrl } from '../../../src/db/access.ts'
import { launchBrowser } from '../../browser.ts'
import { testDatabase } from '../../database.ts'
import { type RunningAkart, upForTest } from '../../up.ts'
import { AKART, SIMULATOR } from '../../programs.ts'

const SCREENS = fileURLToPath(new URL('../../../screens/', import.meta.url))
/** The time that a page may take beside eight others; each wait ends as soon as its condition holds. */
const PATIENCE_MS = 60_000

type Test = { readonly teardown: (handler: () => Promise<void>) => void }

export type DemoCard = Readonly<Record<'number' | 'track1' | 'track2' | 'state' | 'issue', string>>

export type Visit = {
  readonly language?: 'en-GB' | 'pl-PL'
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
  /** The console messages about refusals that this journey provokes. */
  readonly refusals?: boolean
  /** It will lose its connection, which the browser says too. */
  readonly offline?: boolean
}

export type Journey = {
  readonly akart: RunningAkart
  readonly origin: string
  readonly cards: readonly DemoCard[]
  /** A browser of its own: no cookies, a console that is listened to. */
  readonly visit: (visit?: Visit) => Promise<Page>
  readonly signedIn: (login: string, visit?: Visit) => Promise<Page>
  /** One more statement in its database: what no door can arrange in time. */
  readonly sql: (statement: string) => Promise<void>
  /** One message of a till. */
  readonly send: (...options: readonly string[]) => Promise<Sent>
  /** `akart ledger verify` on its books. */
  readonly verifyLedger: () => Promise<Sent>
  /** Under build/screens, where TEST_SCREENSHOTS=1 asks for it: each takes a tenth of a second of processor. */
  readonly screenshot: (page: Page, name: string) => Promise<void>
  /** Unexpected messages on the browsers' consoles. */
  readonly complaints: () => readonly string[]
}

export type Sent = { readonly code: number | null; readonly said: string }

/** One switch with the demo's data and one Chromium for a whole file. */
export async function journeys(
  t: Test,
  environment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<Journey> {
  const access = await testDatabase(t)
  const akart = await upForTest(t, { AKART_DATABASE_URL: toUrl(access), ...environment }, null, [
    '--menu-port',
    '0',
    '--web-port',
    '0',
    ...options,
  ])
  const browser = await launchBrowser()
  t.teardown(() => browser.close())
  await mkdir(SCREENS, { recursive: true })
  const origin = `http://${akart.menu.host}:${akart.menu.port}`
  const said: string[] = []
  const visit = (wanted: Visit = {}): Promise<Page> => open(browser, origin, wanted, said)
  return {
    akart,
    origin,
    cards: await demoCards(akart.home),
    visit,
    async signedIn(login, wanted) {
      const page = await visit(wanted)
      await signIn(page, login, DEMO_PASSWORD)
      return page
    },
    async sql(statement) {
      const connection = await openConnection(access, { multipleStatements: true })
      await connection.query(statement)
      await connection.end()
    },
    send: (...options) =>
      run(SIMULATOR, ['send', ...options, ...aimedAt(akart), '--saved', join(akart.home, 'sent.jsonl'), '--json']),
    verifyLedger: () => run(AKART, ['ledger', 'verify', '--home', akart.home], { AKART_DATABASE_URL: toUrl(access) }),
    screenshot: async (page, name) => {
      if (process.env['TEST_SCREENSHOTS'] === '1') await page.screenshot({ path: join(SCREENS, `${name}.png`) })
    },
    complaints: () => said,
  }
}

async function open(browser: Browser, origin: string, wanted: Visit, said: string[]): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    baseURL: origin,
    locale: wanted.language ?? 'en-GB',
    colorScheme: wanted.scheme ?? 'light',
    viewport: { width: wanted.width ?? 1280, height: wanted.height ?? 800 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  page.on('pageerror', (error) => said.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    const isRefusal = wanted.refusals === true && /status of 4\d\d/u.test(message.text())
    if (wanted.offline === true && message.text().includes('ERR_INTERNET_DISCONNECTED')) return
    if (['error', 'warning'].includes(message.type()) && !isRefusal) said.push(`${page.url()}: ${message.text()}`)
  })
  return page
}

const WORDS = {
  en: { login: 'Login', password: 'Password', button: 'Sign in' },
  pl: { login: 'Login', password: 'Hasło', button: 'Zaloguj się' },
} as const

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('h1').waitFor()
  const words = WORDS[(await page.locator('html').getAttribute('lang')) === 'pl' ? 'pl' : 'en']
  await page.getByLabel(words.login, { exact: true }).fill(login)
  await page.getByLabel(words.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: words.button, exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

async function demoCards(home: string): Promise<readonly DemoCard[]> {
  return parse(await readFile(join(home, 'demo', 'cards.csv'), 'utf8'), { columns: true })
}

/** The text that a screen reader announces for the element with the focus. */
const FOCUSED =
  "(({ labels, textContent, ariaLabel }) => (labels?.[0] ?? { textContent: ariaLabel ?? textContent }).textContent.replace(' *', ''))(document.activeElement)"

/** Moves the focus with Tab until it is on this. */
export async function tabTo(page: Page, name: string): Promise<void> {
  // A button that is not ready yet takes no focus.
  await page.locator('button:not([disabled]), label', { hasText: name }).first().waitFor()
  for (let presses = 0; presses < 60; presses++) {
    if ((await page.evaluate(FOCUSED)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to ${name} by Tab`)
}

const KEYS: ReadonlySet<string> = new Set(['Space'])

/**
 * Opens a dialog by its button, fills it in and confirms it, all without a mouse. The focus must begin in the first of these
 * fields. The input of a field is a text, or a key for a choice.
 */
export async function fillByKeyboard(
  page: Page,
  name: string,
  fields: readonly (readonly [label: string, typed: string])[],
  act = name,
): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().press('Enter')
  await page
    .getByRole('dialog')
    .getByLabel(fields[0]?.[0] ?? '', { exact: true })
    .and(page.locator(':focus'))
    .waitFor()
  for (const [label, typed] of fields) {
    await tabTo(page, label)
    if (KEYS.has(typed)) await page.keyboard.press(typed)
    else if (await page.evaluate("document.activeElement.tagName === 'SELECT'")) await page.keyboard.type(typed)
    else {
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText(typed)
    }
  }
  await tabTo(page, act)
  await page.keyboard.press('Enter')
}

/** A scanner that types: a character every 5 ms by the browser's clock, however busy this machine is, then Enter. */
export async function scan(page: Page, text: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  // Apart from any key before it, or that would be a part of the scan.
  const begin = Date.now() / 1000 + 0.1
  const keys = [...Array.from(text, (key) => ({ key, text: key })), { key: 'Enter', text: '\r' }]
  for (const [at, key] of keys.entries()) {
    const timestamp = begin + at * 0.005
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key })
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, key: key.key })
  }
  await devtools.detach()
}

const aimedAt = (akart: RunningAkart): readonly string[] => [
  '--home',
  akart.home,
  '--target',
  `${akart.iso.host}:${akart.iso.port}`,
]

async function run(program: string, options: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Sent> {
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}
