import type { RefusalRule } from './rule.ts'

export const KEY_REFUSALS = {
  key_there: {
    status: 409,
    en: 'Terminal {terminal} has a {purpose} key already, check value {kcv}.',
    pl: 'Terminal {terminal} ma już klucz {purpose}, wartość kontrolna {kcv}.',
    hint: '',
  },
  no_key_to_replace: {
    status: 409,
    en: 'Terminal {terminal} has no {purpose} key to replace.',
    pl: 'Terminal {terminal} nie ma klucza {purpose}, który można zastąpić.',
    hint: '',
  },
  no_such_key: {
    status: 404,
    en: 'Terminal {terminal} has no {purpose} key.',
    pl: 'Terminal {terminal} nie ma klucza {purpose}.',
    hint: '',
  },
  terminal_without_mac: {
    status: 409,
    en: 'Terminal {terminal} has no MAC.',
    pl: 'Terminal {terminal} nie ma MAC.',
    hint: '',
  },
  algorithm_unknown: {
    status: 422,
    en: 'Terminal {terminal} has no MAC yet.',
    pl: 'Terminal {terminal} nie ma jeszcze MAC.',
    hint: 'say --algorithm tdes or aes',
  },
  key_length: {
    status: 422,
    en: 'A {purpose} key of {algorithm} has {lengths} bytes, not {length}.',
    pl: 'Klucz {purpose} algorytmu {algorithm} ma {lengths} bajtów, nie {length}.',
    hint: '',
  },
  key_too_weak: {
    status: 422,
    en: 'Terminal {terminal}: a kbpk key ({kbpk}) protects no mac key ({mac}); remove the other one first.',
    pl: 'Terminal {terminal}: klucz kbpk ({kbpk}) nie chroni klucza mac ({mac}); najpierw usuń ten drugi.',
    hint: '',
  },
  wrong_components: {
    status: 422,
    en: '{fault}.',
    pl: '{fault}.',
    hint: '',
  },
  master_from_environment: {
    status: 409,
    en: 'All keys are wrapped by the first one of {variable}: put a new one in front of it.',
    pl: 'Wszystkie klucze są opakowane pierwszym kluczem z {variable}: wstaw przed niego nowy.',
    hint: '',
  },
  no_keys_to_rotate: {
    status: 409,
    en: 'No terminal has a key: there is nothing to rotate.',
    pl: 'Żaden terminal nie ma klucza: nie ma czego zmieniać.',
    hint: 'akart keys create TERMINAL mac',
  },
  no_such_master: {
    status: 409,
    en: 'Master key {master} is not known here.',
    pl: 'Klucz główny {master} nie jest tu znany.',
    hint: '',
  },
  card_key_at_work: {
    status: 409,
    en: 'Another akart card-key is at work on this database.',
    pl: 'Na tej bazie danych pracuje już inne akart card-key.',
    hint: '',
  },
  card_keys_used_up: {
    status: 409,
    en: 'There are no more than {most} keys of numbers in the life of a database.',
    pl: 'W życiu bazy danych jest najwyżej {most} kluczy numerów.',
    hint: '',
  },
  demo_has_public_key: {
    status: 409,
    en: 'The database is a demo: its key is public, and there is nothing to protect by another one.',
    pl: 'To baza demonstracyjna: jej klucz jest publiczny, a inny nie miałby czego chronić.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>
