import type { RefusalRule } from './rule.ts'

export const COUNTERPARTY_REFUSALS = {
  no_such_counterparty: {
    status: 404,
    en: 'There is no counterparty {code}.',
    pl: 'Nie ma kontrahenta {code}.',
    hint: 'akart counterparty list shows all',
  },
  credit_exceeded: {
    status: 409,
    en: '{code} may owe {limit}: with {owed} owed, {committed} approved and {amount} more it would be over its credit limit.',
    pl: '{code} może być winien {limit}: przy zadłużeniu {owed}, zatwierdzonych {committed} i kolejnych {amount} limit kredytu byłby przekroczony.',
    hint: '',
  },
  credit_limit_same: {
    status: 409,
    en: 'That is the credit limit of {code} already.',
    pl: 'Taki limit kredytu {code} już obowiązuje.',
    hint: '',
  },
  payment_reference_used: {
    status: 409,
    en: 'Reference {reference} belongs to another payment: references are unique.',
    pl: 'Referencja {reference} należy do innej wpłaty: referencja występuje tylko raz.',
    hint: '',
  },
  payment_not_valid: {
    status: 422,
    en: 'The {field} of a payment cannot be {value}.',
    pl: 'We wpłacie {field} nie może mieć wartości {value}.',
    hint: '',
  },
  payments_not_valid: {
    status: 422,
    en: '{file}: {count} faults; nothing was entered.',
    pl: '{file}: błędów: {count}; niczego nie wprowadzono.',
    hint: '',
  },
  no_such_payment: {
    status: 404,
    en: 'There is no payment {payment}.',
    pl: 'Nie ma wpłaty {payment}.',
    hint: 'akart counterparty payments shows them',
  },
  payment_is_correction: {
    status: 409,
    en: 'Payment {payment} is a correction itself: enter what is right as a new payment.',
    pl: 'Wpłata {payment} sama jest korektą: właściwą kwotę wprowadź jako nową wpłatę.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>
