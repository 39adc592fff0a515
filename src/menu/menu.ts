import type { FastifyInstance } from 'fastify'
import type { Handlers, MenuParts } from './call.ts'
import { mountPages } from './pages.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { cardRoutes } from './routes/cards.ts'
import { bulkRoutes } from './routes/bulk.ts'
import { caseRoutes } from './routes/cases.ts'
import { exportRoutes } from './routes/exports.ts'
import { issueRoutes } from './routes/issues.ts'
import { journalRoutes } from './routes/journals.ts'
import { welfareRoutes } from './routes/welfare.ts'
import { officeRoutes } from './routes/office.ts'
import { packRoutes } from './routes/packs.ts'
import { counterpartyRoutes } from './routes/counterparties.ts'
import { reportRoutes } from './routes/reports.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { settlementRoutes } from './routes/settlements.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingRoutes } from './routes/settings.ts'
import { ecardRoutes } from './routes/ecards.ts'
import { shopRoutes } from './routes/shops.ts'
import { storeRoutes } from './routes/stores.ts'
import { transactionRoutes } from './routes/transactions.ts'
import { userRoutes } from './routes/users.ts'
import { mountApi } from './server.ts'

const HANDLERS: Partial<Handlers> = {
  ...sessionRoutes,
  ...userRoutes,
  ...approvalRoutes,
  ...cardRoutes,
  ...transactionRoutes,
  ...caseRoutes,
  ...officeRoutes,
  ...exportRoutes,
  ...bulkRoutes,
  ...journalRoutes,
  ...issueRoutes,
  ...packRoutes,
  ...storeRoutes,
  ...ecardRoutes,
  ...shopRoutes,
  ...welfareRoutes,
  ...settingRoutes,
  ...reportRoutes,
  ...scheduleRoutes,
  ...counterpartyRoutes,
  ...settlementRoutes,
}

/** AkartMenu on a site: its API, and the browser app where it is built. */
export async function mountMenu(app: FastifyInstance, parts: MenuParts, pages: string, secure: boolean): Promise<void> {
  await mountPages(app, pages)
  await mountApi(app, parts, HANDLERS, secure)
}
