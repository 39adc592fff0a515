import type { RefusalRule } from './rule.ts'

export const SETTLEMENT_REFUSALS = {
  no_such_settlement: {
    status: 404,
    en: 'There is no settlement {settlement}.',
    pl: 'Nie ma rozliczenia {settlement}.',
    hint: 'akart settlement list shows all',
  },
  settlement_not_over: {
    status: 422,
    en: 'The period ends on {to}, which has not come yet.',
    pl: 'Okres kończy się {to}, a ten dzień jeszcze nie nadszedł.',
    hint: '',
  },
  settlement_overlaps: {
    status: 409,
    en: 'Store {store} has days of this period in a settlement of {from} to {to} already.',
    pl: 'Sklep {store} ma już dni tego okresu w rozliczeniu od {from} do {to}.',
    hint: '',
  },
  settlement_waits: {
    status: 409,
    en: 'A settlement of store {store} waits for its second person: decide about that one first.',
    pl: 'Rozliczenie sklepu {store} czeka na drugą osobę: najpierw zdecyduj o nim.',
    hint: 'akart settlement list',
  },
  settlement_altered: {
    status: 409,
    en: 'The stored figures of this settlement are not those that were closed.',
    pl: 'Zapisane kwoty tego rozliczenia nie są tymi, które zamknięto.',
    hint: 'the database was changed by hand',
  },
  accounts_unset: {
    status: 409,
    en: 'General-ledger accounts are not set: {accounts}.',
    pl: 'Nie ustawiono kont księgi głównej: {accounts}.',
    hint: 'akart report-input account.KIND CODE',
  },
} as const satisfies Record<string, RefusalRule>
