import type { Asker } from './operations.ts'

/** The door that a request came through. `menu` and `cli` are the back office in a browser and on the command line. */
export const CHANNELS = ['terminal', 'kiosk', 'web', 'menu', 'cli', 'job'] as const
export type Channel = (typeof CHANNELS)[number]

/** The kinds of requester behind each channel. A kiosk is a terminal of its store and follows all rules of one. */
export const ASKERS = {
  terminal: 'terminal',
  kiosk: 'terminal',
  web: 'web',
  menu: 'office',
  cli: 'office',
  job: 'job',
} as const satisfies Record<Channel, Asker>

/** A person of ours or a job: known, and not guessing. */
export const isOffice = ({ channel }: Pick<Requester, 'channel'>): boolean =>
  ASKERS[channel] === 'office' || ASKERS[channel] === 'job'

export const isAtTerminal = ({ channel }: Pick<Requester, 'channel'>): boolean => ASKERS[channel] === 'terminal'

/** The requester of a request, kept on its row. */
export type Requester = {
  readonly channel: Channel
  /** The person's login, the shop or the job; at most 40 ASCII characters. Null: the terminal of the key. */
  readonly who: string | null
}

export const TERMINAL: Requester = { channel: 'terminal', who: null }
