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
