// A process with the jobs that send messages to other systems. A test pauses it: paused-process.js URL HOST-PORT MAIL-PORT.
import { createMailer } from '../../src/app/mailer.ts'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { startExpiry } from '../../src/jobs/expiry.ts'
import { testOffice } from '../office/test-office.ts'
import { startSendingJobs } from './sending-jobs.ts'

const [url = '', hostPort, mailPort] = process.argv.slice(2)
const stays = { teardown: () => undefined }
const office = await testOffice(stays, parseDatabaseUrl(url))
const trouble = (error: unknown): void => console.error(error)
const send = createMailer({
  host: '127.0.0.1',
  port: Number(mailPort),
  tls: 'off',
  user: null,
  passwordFile: null,
  from: 'akart@example.com',
})
if (send === null) throw new Error('no mailer')
startExpiry(office, { time: '00:00', ran: () => {}, trouble })
startSendingJobs(stays, office, { hostPort: Number(hostPort), send, trouble })
