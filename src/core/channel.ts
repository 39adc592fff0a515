/** Through which door a request came. `menu` and `cli` are the back office in a browser and on the command line. */
export const CHANNELS = ['terminal', 'kiosk', 'web', 'menu', 'cli', 'job'] as const
export type Channel = (typeof CHANNELS)[number]
