import type { Access } from '../src/db/access.ts'
import { openLog } from '../src/log.ts'
import { openOffice } from '../src/office/open-office.ts'

type Settings = Parameters<typeof openOffice>[1]

/** An Office on a bench's database, as of a demo in Warsaw; it has no master keys. */
export const benchOffice = (
  access: Access,
  more: Pick<Settings, 'keys'> & Partial<Pick<Settings, 'makers' | 'traffic'>>,
): ReturnType<typeof openOffice> =>
  openOffice(access, {
    masters: () => Promise.reject(new Error('not in this bench')),
    timeZone: 'Europe/Warsaw',
    demo: true,
    makers: [],
    log: openLog({ level: 'warn', file: null }),
    clock: Date.now,
    ...more,
  })
