import { instant, text } from './literal.ts'

export const upsertInput = (name: string, value: string, who: string, at: number): string =>
  `INSERT INTO report_inputs (name, value, who, at) VALUES (${text(name)},${text(value)},${text(who)},${instant(at)})
   ON DUPLICATE KEY UPDATE value = VALUES(value), who = VALUES(who), at = VALUES(at)`
