import { fileURLToPath } from 'node:url'
import type { Config } from '../config/schema.ts'
import { isLoopback } from '../config/sites.ts'
import { ownOrigin } from '../http/site.ts'
import { type Poller, startPoller } from '../jobs/poller.ts'
import type { MenuParts } from '../menu/call.ts'
import { mountMenu } from '../menu/menu.ts'
import { MENU_POLICY } from '../menu/policy.ts'
import { mailAlerts } from '../office/alert-mail.ts'
import { headMailer } from '../office/audit-head-mail.ts'
import { type EcardDoor, sendEcards } from '../office/ecard-sending.ts'
import { voucherMail, type VoucherLook } from '../office/ecard-voucher.ts'
import { createDayCounters } from '../office/day-counters.ts'
import { applyDueGrants } from '../office/grants.ts'
import type { SendMail } from '../office/mail.ts'
import type { Office } from '../office/office.ts'
import { startPasswordHasher } from '../office/password-hasher.ts'
import { applyDueRoleChanges } from '../office/role-changes.ts'
import { forgetEndedSessions } from '../office/sessions.ts'
import { mailResults } from '../office/welfare/result-mail.ts'
import type { Theme } from '../web/theme.ts'
import { createMailer, reachMail } from './mailer.ts'
import type { SitePlan } from './sites.ts'

/** Where `make build` puts the browser app, seen from build/src/app/. */
const PAGES = fileURLToPath(new URL('../../menu-ui', import.meta.url))
const UPKEEP_MS = 60_000
const MAIL_MS = 5_000
const HEAD_MS = 3_600_000

/** The senders of mail, each with a poller of its own: if one fails, the others continue. */
const mailsOf = (office: Office, door: EcardDoor) => [
  { look: () => mailAlerts(office, door.send), failed: 'an alert could not be mailed' },
  { look: () => mailResults(office, door.send), failed: 'an employer could not be mailed that a batch is booked' },
  { look: () => sendEcards(office, door), failed: 'e-cards could not be sold and mailed' },
]

/** Mails the head of the audit chain each hour, if an address is configured. */
function startHeadMails(
  office: Office,
  { auditHeadTo }: Config['menu'],
  send: SendMail | null,
  anchor: MenuParts['auditAnchor'],
): readonly Poller[] {
  if (send === null || auditHeadTo === null) return []
  const mail = headMailer(anchor, send, auditHeadTo)
  const parts = {
    every: HEAD_MS,
    first: UPKEEP_MS,
    look: async () => void (await mail()),
    failed: (error: unknown) => void office.log.error("the head of the audit's chain could not be mailed", { error }),
    close: async () => {},
  }
  return [startPoller(parts)]
}

/** The default accent colour, which is readable on white. */
const ACCENT = '#0b5563'

const lookOf = ({ name, logo, colours }: Theme, { publicUrl }: Config['web']): VoucherLook => ({
  name,
  logo,
  accent: colours.accent ?? ACCENT,
  balanceUrl: publicUrl,
})

/** AkartMenu as a site, and its upkeep: expired sessions, grants whose waiting time is over. */
export function openMenu(
  office: Office,
  { menu, mail, web, reports }: Config,
  auditAnchor: MenuParts['auditAnchor'],
  theme: Theme,
  sights: Pick<MenuParts, 'upstreams' | 'refusedCalls'>,
): { readonly plan: SitePlan; readonly stop: () => Promise<void> } {
  const passwords = startPasswordHasher()
  const secure = menu.tls.certificate !== null || menu.publicUrl?.startsWith('https://') === true
  const exposed = !isLoopback(menu.host) || menu.publicUrl !== null
  const send = createMailer(mail)
  const upkeep = startPoller({
    every: UPKEEP_MS,
    async look() {
      await applyDueGrants(office, send)
      await applyDueRoleChanges(office)
      await forgetEndedSessions(office)
    },
    failed: (error) => void office.log.error('the upkeep of sessions failed', { error }),
    close: async () => {},
  })
  const door =
    send === null
      ? null
      : {
          send,
          reach: reachMail(mail),
          write: (voucher: Parameters<EcardDoor['write']>[0]) => voucherMail(lookOf(theme, web), voucher),
        }
  const mails = (door === null ? [] : mailsOf(office, door)).map(({ look, failed }) =>
    startPoller({
      every: MAIL_MS,
      look: async () => void (await look()),
      failed: (error) => void office.log.error(failed, { error }),
      close: async () => {},
    }),
  )
  const heads = startHeadMails(office, menu, send, auditAnchor)
  const parts = {
    office,
    door: { passwords, exposed },
    idleMs: menu.idleMinutes * 60_000,
    counters: createDayCounters(office),
    auditAnchor,
    mails: send !== null,
    ...sights,
    places: reports,
    ownOrigin: (request: Parameters<typeof ownOrigin>[1]) => ownOrigin(menu, request),
  }
  return {
    plan: {
      name: 'menu',
      handlers: null,
      policy: MENU_POLICY,
      bodyLimit: 262_144,
      mount: (app) => mountMenu(app, parts, PAGES, secure),
    },
    async stop() {
      await upkeep.stop()
      await Promise.all([...mails, ...heads].map((mail) => mail.stop()))
      await passwords.stop()
    },
  }
}
