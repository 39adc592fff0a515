import { Type } from 'typebox'
import { makeToken, showCard, showHistory } from '../../office/shop-cards.ts'
import { isShopNo } from '../../office/shop-refusal.ts'
import { problem } from '../problem.ts'
import { problemOfNo } from '../problem-of-result.ts'
import { CardReference, CardView, CLOSED, nullable, NumberAndEcode } from '../schema.ts'
import { endpoint } from './endpoint.ts'

const Token = Type.Object(
  { token: Type.String(), expiresAt: Type.String({ format: 'date-time' }), card: CardView },
  { ...CLOSED, title: 'CardToken' },
)

const Entry = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    kind: Type.String({ description: 'an operation, or undo' }),
    value: Type.Integer({ description: 'minor units; minus: taken from the card' }),
    currency: Type.String(),
    ledgerAfter: Type.Integer(),
    where: nullable(Type.String({ description: 'the store, where it is your own' })),
  },
  { ...CLOSED, title: 'HistoryEntry' },
)

const NO_CURSOR = {
  en: 'cursor is none that a list of this card gave as next.',
  pl: 'cursor nie pochodzi z pola next listy tej karty.',
}

export const CARD_ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/card-tokens',
    summary: 'Make a token that stands for number and eCode for 15 minutes',
    scopes: ['cards'],
    publishable: true,
    namesCard: true,
    body: Type.Object({ card: NumberAndEcode }, CLOSED),
    answers: { 201: Token },
    async handle({ office, caller, body }) {
      const made = await makeToken(office, caller, body.card)
      return isShopNo(made) ? problemOfNo(made) : { status: 201, body: made }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/balance',
    summary: 'What is on a card',
    scopes: ['cards'],
    namesCard: true,
    body: Type.Object({ card: CardReference }, CLOSED),
    answers: { 200: CardView },
    async handle({ office, caller, body }) {
      const card = await showCard(office, caller, body.card)
      return isShopNo(card) ? problemOfNo(card) : { status: 200, body: card }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/history',
    summary: 'Every transfer of a card, the newest first',
    scopes: ['cards'],
    namesCard: true,
    body: Type.Object(
      {
        card: CardReference,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'entries of a page' })),
        cursor: Type.Optional(Type.String({ maxLength: 100, description: 'next of the page before' })),
      },
      CLOSED,
    ),
    answers: { 200: Type.Object({ items: Type.Array(Entry), next: nullable(Type.String()) }, CLOSED) },
    async handle({ office, caller, body: { card, limit = 20, cursor = null } }) {
      const history = await showHistory(office, caller, { card, limit, cursor })
      if (history === null) return problem('invalid_request', { pointer: '/cursor', detail: NO_CURSOR })
      return isShopNo(history) ? problemOfNo(history) : { status: 200, body: history }
    },
  }),
]
