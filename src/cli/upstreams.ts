import type { CommandModule } from 'yargs'
import { listUpstreams, type UpstreamReport } from '../office/upstreams.ts'
import { moneyText } from './amount-text.ts'
import { withJson } from './listing.ts'
import { READER, withOffice } from './with-office.ts'

export const upstreamsCommand: CommandModule<object, { home: string; json: boolean }> = {
  command: 'upstreams',
  describe: 'Other hosts: messages to deliver, requests without an answer, balances',
  builder: (yargs) =>
    withJson(yargs).option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' }),

  async handler({ home, json }) {
    const upstreams = await withOffice(home, READER, listUpstreams)
    if (json) for (const upstream of upstreams) console.log(JSON.stringify(upstream))
    else if (upstreams.length === 0) console.log('no upstreams: the configuration never had any')
    else for (const upstream of upstreams) for (const line of lines(upstream)) console.log(line)
  },
}

const lines = (u: UpstreamReport): string[] => [
  `${u.upstream}: owed ${u.owed}, pending ${u.pending}, acknowledged ${u.acknowledged}, set aside ${u.setAside}`,
  ...(u.oldest === null
    ? []
    : [`  oldest since ${u.oldest.slice(0, 19)} UTC, ${u.tries} tries, last: ${u.lastFailure ?? 'none failed'}`]),
  ...u.owes.map(({ currency, amount }) =>
    amount < 0 ? `  we owe it ${moneyText(-amount, currency)}` : `  it owes us ${moneyText(amount, currency)}`,
  ),
]
