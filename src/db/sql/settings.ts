import { instant, integer, text } from './literal.ts'

export const selectSettings = 'SELECT name, value FROM settings'
export const selectSetting = (name: string): string => `SELECT value FROM settings WHERE name = ${text(name)}`
export const putSetting = (name: string, value: number, who: string, at: number): string =>
  `INSERT INTO settings (name, value, who, at) VALUES (${text(name)},${integer(value)},${text(who)},${instant(at)})
   ON DUPLICATE KEY UPDATE value = ${integer(value)}, who = ${text(who)}, at = ${instant(at)}`

export const selectRecipients = 'SELECT address FROM alert_recipients ORDER BY address'
export const replaceRecipients = (addresses: readonly string[]): string =>
  `DELETE FROM alert_recipients${
    addresses.length === 0
      ? ''
      : `;INSERT INTO alert_recipients (address) VALUES ${addresses.map((one) => `(${text(one)})`).join(',')}`
  }`
