import { Type } from 'typebox'
import type { Route } from './route.ts'
import { Handle, MaskedNumber, members, Money, Named, oneOf, opt, orNull, LocalizedText, Time } from './values.ts'

/** The input of the find box and its origin: typed, scanned or swiped. It is never part of a URL or a log. */
export const FIND = {
  'find.search': {
    method: 'POST',
    path: '/api/find',
    access: ['cards.find', 'transactions.find', 'stores.find', 'issues.find', 'packs.find'],
    body: members({
      text: Type.String({ minLength: 1, maxLength: 200 }),
      by: opt(oneOf(['typed', 'scan', 'swipe'])),
    }),
    answer: members({
      /** One hit is opened at once. `to` is a path of the app, free of numbers. */
      hits: Type.Array(
        members({
          kind: oneOf([
            'card',
            'transaction',
            'case',
            'store',
            'terminal',
            'issue',
            'pack',
            'employee',
            'cards',
            'transactions',
          ]),
          to: Type.String(),
          title: Type.String(),
          detail: Type.String(),
          card: orNull(MaskedNumber),
          /** A transaction for the reader's own words; `title` and `detail` say the same in English. */
          transaction: orNull(
            members({
              operation: orNull(Type.String()),
              amount: orNull(Money),
              at: Time,
              store: Named,
              result: Type.String(),
            }),
          ),
        }),
      ),
      /** Stands for the number, barcode or eCode that was given, for criteria `number`, in this session. */
      handle: orNull(Handle),
    }),
  },
  /** The choices of filters. */
  'choices.show': {
    method: 'GET',
    path: '/api/choices',
    access: 'signedIn',
    answer: members({
      stores: Type.Array(
        members({ code: Type.String(), name: Type.String(), timeZone: Type.String(), currency: Type.String() }),
      ),
      terminals: Type.Array(members({ code: Type.String(), store: Type.String() })),
      issues: Type.Array(members({ code: Type.String(), name: Type.String(), currency: Type.String() })),
      counterparties: Type.Array(Named),
      operations: Type.Array(Type.String()),
      /** Results with their DE 39 and both texts. */
      responses: Type.Array(members({ result: Type.String(), response: Type.String(), text: LocalizedText })),
      entryModes: Type.Array(members({ code: Type.String(), text: LocalizedText })),
    }),
  },
} as const satisfies Record<string, Route>
