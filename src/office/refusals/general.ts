import type { RefusalRule } from './rule.ts'

export const GENERAL_REFUSALS = {
  right_missing: {
    status: 403,
    en: 'This needs the right {right}.',
    pl: 'To wymaga uprawnienia {right}.',
    hint: 'an administrator grants rights in AkartMenu, under Users',
  },
  not_your_store: {
    status: 403,
    en: 'Store {store} is not one of your stores.',
    pl: 'Sklep {store} nie jest jednym z Twoich sklepów.',
    hint: '',
  },
  own_request: {
    status: 403,
    en: '{who} proposed it: a second person has to approve.',
    pl: 'Wniosek od {who}: zatwierdzić musi druga osoba.',
    hint: 'another person runs the same command',
  },
  no_such_job: {
    status: 404,
    en: 'There is no job {job}.',
    pl: 'Nie ma zadania {job}.',
    hint: '',
  },
  declined: {
    status: 422,
    en: 'Refused: {reason}.',
    pl: 'Odmowa: {reason}.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>
