import { parseDatabaseUrl } from '../../src/db/access.ts'
import { startWebhooks } from '../../src/jobs/webhooks.ts'
import { resolveHost } from '../../src/web/webhook-connector.ts'
import { sendMessage } from '../../src/web/webhook-message.ts'
import { testOffice } from '../office/test-office.ts'

/** A process that sends webhooks until it is killed: `webhook-sender-process.js URL`. */
const office = await testOffice({ teardown: () => {} }, parseDatabaseUrl(process.argv[2] ?? ''))
startWebhooks({
  office,
  send: (to, message, stop) => sendMessage({ loopback: true, resolve: resolveHost }, to, message, stop),
  leaseSeconds: 1,
  every: 20,
  attempted: () => {},
  trouble: (error) => console.error(error),
})
