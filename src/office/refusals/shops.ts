import type { RefusalRule } from './rule.ts'

export const SHOP_REFUSALS = {
  no_such_shop: {
    status: 404,
    en: 'There is no shop {shop}.',
    pl: 'Nie ma sklepu internetowego {shop}.',
    hint: 'akart shop list shows them',
  },
  no_such_webhook: {
    status: 404,
    en: 'Shop {shop} has no webhook endpoint or event {id}.',
    pl: 'Sklep {shop} nie ma punktu webhook ani zdarzenia {id}.',
    hint: 'akart webhook list and akart webhook deliveries show them',
  },
  no_such_api_key: {
    status: 404,
    en: 'There is no API key {id}.',
    pl: 'Nie ma klucza API {id}.',
    hint: 'akart api-key list SHOP shows them',
  },
  shop_code_invalid: {
    status: 400,
    en: 'The code of a shop has 1 to 8 capitals, digits and hyphens; {code} does not.',
    pl: 'Kod sklepu internetowego to 1–8 wielkich liter, cyfr i łączników; {code} nim nie jest.',
    hint: '',
  },
  shop_code_taken: {
    status: 409,
    en: 'The code {code} is taken by a shop or a terminal.',
    pl: 'Kod {code} ma już sklep internetowy lub terminal.',
    hint: '',
  },
  shop_without_limits: {
    status: 409,
    en: 'Shop {shop} has no limits for loads and for money back to cards; a live key that moves money needs them.',
    pl: 'Sklep {shop} nie ma limitów zasileń i zwrotów na karty; wymaga ich produkcyjny klucz, który przenosi pieniądze.',
    hint: 'akart shop set sets them',
  },
  api_key_too_long: {
    status: 400,
    en: 'The {what} of an API key have {length} characters; the maximum is {most}.',
    pl: 'Klucz API: {what} mają {length} znaków; najwięcej może być {most}.',
    hint: 'shorten them, or make several keys',
  },
  key_wants_origins: {
    status: 400,
    en: 'A publishable key has at least one origin and no scopes.',
    pl: 'Klucz publiczny ma co najmniej jedno źródło (origin) i żadnych zakresów.',
    hint: '--publishable --origin https://shop.example',
  },
  key_wants_scopes: {
    status: 400,
    en: 'A secret key has at least one scope and no origins.',
    pl: 'Klucz tajny ma co najmniej jeden zakres i żadnych źródeł (origin).',
    hint: '--scopes cards,payments',
  },
} as const satisfies Record<string, RefusalRule>
