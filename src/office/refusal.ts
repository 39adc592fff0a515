/** What is said of a refusal at each door. `{name}` in a text stands for the detail of that name. */
type RefusalRule = {
  /** HTTP status (RFC 9110). */
  readonly status: 400 | 403 | 404 | 409 | 422 | 429 | 503
  readonly en: string
  readonly pl: string
  /** What the command line adds: what to type instead; empty where there is nothing to add. */
  readonly hint: string
}

/** Every way in which a use case says no. The compiler asks for all texts of a new row. */
export const REFUSALS = {
  right_missing: {
    status: 403,
    en: 'This needs the right {right}.',
    pl: 'To wymaga uprawnienia {right}.',
    hint: 'an administrator grants rights: akart user roles',
  },
  not_your_store: {
    status: 403,
    en: 'Store {store} is not one of your stores.',
    pl: 'Sklep {store} nie jest jednym z Twoich sklepów.',
    hint: '',
  },
  own_request: {
    status: 403,
    en: '{who} asked for it: a second person has to approve.',
    pl: 'Wniosek od {who}: zatwierdzić musi druga osoba.',
    hint: 'another person runs the same command',
  },
  no_such_store: {
    status: 404,
    en: 'There is no store {store}.',
    pl: 'Nie ma sklepu {store}.',
    hint: 'akart store list shows them',
  },
  no_such_shop: {
    status: 404,
    en: 'There is no shop {shop}.',
    pl: 'Nie ma sklepu internetowego {shop}.',
    hint: 'akart shop list shows them',
  },
  no_such_api_key: {
    status: 404,
    en: 'There is no API key {id}.',
    pl: 'Nie ma klucza API {id}.',
    hint: 'akart api-key list SHOP shows them',
  },
  shop_code_invalid: {
    status: 400,
    en: 'The code of a shop has 1 to 8 capitals, digits and hyphens; {code} has not.',
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
    hint: 'akart shop limits sets them',
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

export type RefusalCode = keyof typeof REFUSALS

/** Figures and names that the texts mention: never a secret, never a whole card number. */
export type RefusalDetails = Readonly<Record<string, string | number>>

/** The one way in which a use case says no: a value, returned in place of the result. */
export type Refused = { readonly refused: RefusalCode; readonly details: RefusalDetails }

export const refused = (code: RefusalCode, details: RefusalDetails = {}): Refused => ({ refused: code, details })

export const isRefused = (result: unknown): result is Refused =>
  typeof result === 'object' && result !== null && 'refused' in result && 'details' in result

/** The sentence for a person. */
export const refusalText = ({ refused: code, details }: Refused, language: 'en' | 'pl'): string =>
  REFUSALS[code][language].replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole))
