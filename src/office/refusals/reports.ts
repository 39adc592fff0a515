import type { RefusalRule } from './rule.ts'

export const REPORT_REFUSALS = {
  no_such_report: {
    status: 404,
    en: 'There is no report {report}.',
    pl: 'Nie ma raportu {report}.',
    hint: 'akart report list shows all',
  },
  reports_preparing: {
    status: 503,
    en: 'Reports are being prepared from older transactions: {left} ids are left.',
    pl: 'Raporty są przygotowywane ze starszych transakcji: zostało {left} identyfikatorów.',
    hint: 'a running akart does it; try again later',
  },
  period_backwards: {
    status: 422,
    en: 'The period begins on {from} and ends before it, on {to}.',
    pl: 'Okres zaczyna się {from}, a kończy wcześniej, {to}.',
    hint: '',
  },
  no_such_input: {
    status: 404,
    en: 'Reports have no figure {name}.',
    pl: 'Raporty nie mają wielkości {name}.',
    hint: 'breakage.ISSUE, rate.PLN, network.threshold, account.KIND',
  },
  wrong_input: {
    status: 422,
    en: '{value} is no value of {name}.',
    pl: '{value} nie jest wartością {name}.',
    hint: '',
  },
  folding_busy: {
    status: 409,
    en: 'Another process is folding transactions.',
    pl: 'Inny proces właśnie sumuje transakcje.',
    hint: 'try again',
  },
} as const satisfies Record<string, RefusalRule>
