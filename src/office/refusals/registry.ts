import type { RefusalRule } from './rule.ts'

export const REGISTRY_REFUSALS = {
  no_such_store: {
    status: 404,
    en: 'There is no store {store}.',
    pl: 'Nie ma sklepu {store}.',
    hint: 'akart store list shows them',
  },
  store_there: {
    status: 409,
    en: 'Store {store} is there already.',
    pl: 'Sklep {store} już jest.',
    hint: '',
  },
  store_currency_stays: {
    status: 409,
    en: 'Store {store} has terminals ({terminals}), so its currency stays {currency}: its books are kept in it. Another currency is another store with a code of its own.',
    pl: 'Sklep {store} ma terminale ({terminals}), więc jego waluta to nadal {currency}: w niej prowadzi się jego księgi. Inna waluta to inny sklep, z własnym kodem.',
    hint: '',
  },
  store_time_zone_stays: {
    status: 409,
    en: 'The time zone of store {store} stays {zone} for now: it is {today} there, and {other} in {wanted}, or midnight is near, so that a business day would come twice or not at all. Again when both have the same date.',
    pl: 'Strefą czasową sklepu {store} na razie pozostaje {zone}: jest tam {today}, a w {wanted} {other}, albo zbliża się północ, więc dzień rozliczeniowy byłby dwa razy albo wcale. Spróbuj, gdy data będzie ta sama.',
    hint: '',
  },
  no_such_terminal: {
    status: 404,
    en: 'There is no terminal {terminal}.',
    pl: 'Nie ma terminala {terminal}.',
    hint: '',
  },
  no_such_kiosk: {
    status: 404,
    en: 'There is no price checker {kiosk}.',
    pl: 'Nie ma czytnika cen {kiosk}.',
    hint: 'akart kiosk list shows them',
  },
  kiosk_code_invalid: {
    status: 422,
    en: 'A price checker is called by 1 to 8 capital letters, digits and hyphens; {kiosk} is not.',
    pl: 'Kod czytnika cen ma od 1 do 8 wielkich liter, cyfr i łączników; {kiosk} taki nie jest.',
    hint: '',
  },
  kiosk_code_taken: {
    status: 409,
    en: 'There is a terminal {kiosk} already, which is no price checker of store {store}.',
    pl: 'Jest już terminal {kiosk}, który nie jest czytnikiem cen sklepu {store}.',
    hint: '',
  },
  kiosk_wants_networks: {
    status: 422,
    en: 'Outside a demo a price checker is bound to the networks of its store.',
    pl: 'Poza wersją demo czytnik cen jest przypisany do sieci swojego sklepu.',
    hint: 'say them: --from 10.1.2.0/24',
  },
  terminal_there: {
    status: 409,
    en: 'Terminal {terminal} is there already, in store {store}.',
    pl: 'Terminal {terminal} już jest, w sklepie {store}.',
    hint: '',
  },
  terminal_without_store: {
    status: 422,
    en: 'Terminal {terminal} belongs to no store: there is no store {store}.',
    pl: 'Terminal {terminal} nie należy do żadnego sklepu: nie ma sklepu {store}.',
    hint: '',
  },
  confirmation_terminal_active: {
    status: 409,
    en: 'While it is active, the confirmation policy of terminal {terminal} stays {policy} for now.',
    pl: 'Dopóki jest włączony, zasada potwierdzeń terminala {terminal} to na razie {policy}.',
    hint: 'first akart terminal set {terminal} --state inactive, after its end of day',
  },
  confirmation_not_settled: {
    status: 409,
    en: 'The confirmation policy of terminal {terminal} stays {policy} for now: a switch may still be at work for it, again in {seconds} s.',
    pl: 'Zasada potwierdzeń terminala {terminal} to na razie {policy}: przełącznik może jeszcze dla niego pracować, spróbuj za {seconds} s.',
    hint: '',
  },
  confirmation_open: {
    status: 409,
    en: 'The confirmation policy of terminal {terminal} stays {policy} for now: transactions of it are not confirmed yet ({open}); {how}.',
    pl: 'Zasada potwierdzeń terminala {terminal} to na razie {policy}: są jeszcze jego niepotwierdzone transakcje ({open}); {how}.',
    hint: '',
  },
  wrong_shop_settings: {
    status: 422,
    en: 'The settings are wrong.',
    pl: 'Ustawienia są błędne.',
    hint: '',
  },
  subject_too_long: {
    status: 422,
    en: 'The subject has {length} characters, at most {most}: bind the fingerprint.',
    pl: 'Nazwa podmiotu ma {length} znaków, najwyżej {most}: powiąż odcisk certyfikatu.',
    hint: '',
  },
  not_a_certificate: {
    status: 400,
    en: '{file} holds no certificate.',
    pl: '{file} nie zawiera certyfikatu.',
    hint: '',
  },
  not_bound: {
    status: 404,
    en: '{what} {code} is not bound to {by} {name}.',
    pl: '{what} {code} nie jest powiązany z {by} {name}.',
    hint: '',
  },
  counterparty_there: {
    status: 409,
    en: 'Counterparty {code} is there already.',
    pl: 'Kontrahent {code} już jest.',
    hint: '',
  },
  no_open_counterparty: {
    status: 404,
    en: 'There is no open counterparty {code}.',
    pl: 'Nie ma otwartego kontrahenta {code}.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>
