import type { Words } from '../refusal.ts'
import type { ReportName } from './reports.ts'

/* What each figure means, as its report says it on the screen. A change of a meaning raises the definition of the report. */

const words = (en: string, pl: string): Words => ({ en, pl })

const RECEIVABLE = words(
  'What the store took in for cards, less what was taken back: it owes this to the issuer.',
  'Co sklep przyjął za karty, po odjęciu cofnięć: tyle jest winien wystawcy.',
)
const PAYABLE = words(
  'What it gave goods or cash for, less refunds and what was taken back: the issuer owes this to the store.',
  'Za co wydał towar lub gotówkę, po odjęciu zwrotów i cofnięć: tyle wystawca jest winien sklepowi.',
)
const NET = words(
  'Receivable less payable. Above zero the store pays, below zero it is paid.',
  'Należne od sklepu minus należne sklepowi. Powyżej zera sklep płaci, poniżej zera dostaje.',
)

const STEPS = {
  opening: words(
    'Balances of the cards at the end of the day before the period.',
    'Salda kart na koniec dnia przed okresem.',
  ),
  sold: words(
    'Loaded by sales of cards in stores and web shops.',
    'Zasilone przy sprzedaży kart w sklepach i w internecie.',
  ),
  toppedUp: words('Added to cards that were sold before.', 'Dodane do kart sprzedanych wcześniej.'),
  refunded: words('Given back to cards for returned goods.', 'Oddane na karty za zwrócony towar.'),
  packSales: words(
    'Loaded by sales of packs and of e-cards to counterparties.',
    'Zasilone przez sprzedaż paczek i e-kart kontrahentom.',
  ),
  welfare: words('Loaded by batches of employers.', 'Zasilone przez partie pracodawców.'),
  recalled: words(
    'Taken back by employers of what was unspent.',
    'Odebrane przez pracodawców z tego, czego nie wydano.',
  ),
  paid: words('Paid with cards for goods.', 'Zapłacone kartami za towar.'),
  cashedOut: words('Paid out in cash.', 'Wypłacone gotówką.'),
  expired: words(
    'Booked off when cards expired, less what extensions gave back.',
    'Odpisane po upływie ważności, pomniejszone o to, co oddały przedłużenia.',
  ),
  adjusted: words('Corrections of balances by staff.', 'Korekty sald wykonane przez pracowników.'),
  closing: words(
    'Opening plus all steps: the balances of the cards at the end of the last day.',
    'Otwarcie i wszystkie kroki: salda kart na koniec ostatniego dnia.',
  ),
} as const satisfies Record<string, Words>

const UNDONE = words(
  'The part of this step that was taken back in the period.',
  'Część tego kroku, którą w okresie cofnięto.',
)

type Meanings = Readonly<Record<string, Words>>

export const MEANINGS = {
  activity: {
    count: words(
      'What was booked on the day, also what was taken back later.',
      'Co zaksięgowano tego dnia, także to, co później cofnięto.',
    ),
    amount: words(
      'Its sum, always above zero: the operation says whether cards gained or lost. The total adds all operations: a turnover, not a balance.',
      'Suma, zawsze powyżej zera: operacja mówi, czy karty zyskały, czy straciły. Razem to suma wszystkich operacji: obrót, nie saldo.',
    ),
    undoneCount: words(
      'What was taken back on the day: reversals and cancellations, of any earlier day too.',
      'Co tego dnia cofnięto: cofnięcia i anulowania, także z wcześniejszych dni.',
    ),
    undoneAmount: words(
      'Its sum. Amount less this is what is left.',
      'Suma cofniętych. Kwota pomniejszona o nią to to, co zostało.',
    ),
    voucher: words(
      'Of sales and top-ups. Single-purpose: VAT is due at the sale; multi-purpose: at the payment; not set: the issue is older than this setting.',
      'Przy sprzedaży i doładowaniach. Jednego przeznaczenia: VAT przy sprzedaży; różnego przeznaczenia: przy płatności; nie podano: emisja starsza niż to ustawienie.',
    ),
  },
  liability: {
    age: words(
      'Days since the sale, since the last transfer, or until the last day of validity, as chosen. ≤90: more than 30, at most 90.',
      'Dni od sprzedaży, od ostatniego transferu albo do końca ważności, jak wybrano. ≤90: ponad 30, najwyżej 90.',
    ),
    ledger: words(
      'Balances of the cards: all transfers with a booking day up to this one.',
      'Salda kart: wszystkie transfery z dniem księgowania do tego dnia włącznie.',
    ),
    unconfirmed: words(
      'The part of it that the till has not confirmed yet; the holder cannot spend it.',
      'Część salda, której kasa jeszcze nie potwierdziła; posiadacz nie może jej wydać.',
    ),
    cards: words('Cards whose balance is not zero.', 'Karty z saldem różnym od zera.'),
  },
  'roll-forward': STEPS,
  settlement: { receivable: RECEIVABLE, payable: PAYABLE, net: NET },
  breakage: {
    loaded: words(
      'All that the month’s cards gained otherwise than by refunds and extensions: sales, top-ups, packs, welfare, corrections.',
      'Wszystko, co karty tego miesiąca dostały poza zwrotami i przedłużeniami: sprzedaż, doładowania, paczki, świadczenia, korekty.',
    ),
    used: words('Payments and cash-outs, less refunds.', 'Płatności i wypłaty, pomniejszone o zwroty.'),
    usedBy1: words(
      'The part of it used before a month had passed since the sale of its card.',
      'Część wykorzystana, zanim minął miesiąc od sprzedaży danej karty.',
    ),
    usedBy3: words('Likewise within three months.', 'Podobnie w ciągu trzech miesięcy.'),
    usedBy6: words('Likewise within six months.', 'Podobnie w ciągu sześciu miesięcy.'),
    usedBy12: words('Likewise within twelve months.', 'Podobnie w ciągu dwunastu miesięcy.'),
    expired: words('Booked off when cards expired.', 'Odpisane po upływie ważności.'),
    released: words('Given back by extensions.', 'Oddane przez przedłużenia.'),
    remaining: words(
      'Loaded less used and expired, with what was released: still on the cards.',
      'Załadowane minus wykorzystane i wygasłe, plus przywrócone: nadal na kartach.',
    ),
    factor: words(
      'The part of it that is expected never to be used, as a person has set it; empty: nobody has.',
      'Jaka część, według podanego ustawienia, nie zostanie wykorzystana; puste: nikt nie podał.',
    ),
  },
  cards: {
    cards: words('Cards in this state now.', 'Karty w tym stanie teraz.'),
    ledger: words('What they hold, unconfirmed money included.', 'Co na nich jest, łącznie z niepotwierdzonym.'),
  },
  packs: {
    packs: words('Packs in this state now.', 'Paczki w tym stanie teraz.'),
    cards: words('Cards in these packs.', 'Karty w tych paczkach.'),
    daysInTransit: words(
      'Whole days since the oldest dispatched pack left; empty: none is on its way.',
      'Pełne dni od wysłania najstarszej paczki w drodze; puste: żadna nie jest w drodze.',
    ),
  },
  unconfirmed: {
    open: words(
      'Requests that wait for the till’s confirmation at this moment, whatever the period.',
      'Żądania czekające w tej chwili na potwierdzenie kasy, niezależnie od okresu.',
    ),
    openAmount: words('Their sum.', 'Ich suma.'),
    byTimer: words(
      'Taken back in the period since no confirmation came in time.',
      'Cofnięte w okresie, bo potwierdzenie nie przyszło na czas.',
    ),
    cases: words('Cases that were opened in the period.', 'Wyjaśnienia otwarte w okresie.'),
    cleared: words(
      'Cases that were closed in the period, also older ones.',
      'Wyjaśnienia zamknięte w okresie, także starsze.',
    ),
    secondsToClear: words(
      'Of those closed in the period, from opening to closing.',
      'Dla zamkniętych w okresie, od otwarcia do zamknięcia.',
    ),
  },
  declines: {
    count: words('Requests that were refused for this reason.', 'Żądania odrzucone z tego powodu.'),
  },
  tills: {
    total: words(
      'Onto cards: sales, top-ups and refunds. Off cards: payments and cash-outs. Undone: those of them that were cancelled or reversed. Net: stands where the till’s net alone differs.',
      'Na karty: sprzedaż, doładowania i zwroty. Z kart: płatności i wypłaty. Cofnięte: te z nich, które anulowano lub cofnięto. Saldo: podane, gdy różni się tylko saldo kasy.',
    ),
    count: words('Rows that the switch counted for the till’s day.', 'Operacje, które system policzył dla dnia kasy.'),
    amount: words(
      'Their sum. A subtotal is of one kind; the total adds all four kinds: a turnover, not a balance.',
      'Ich suma. Suma częściowa obejmuje jeden rodzaj; razem to suma wszystkich czterech: obrót, nie saldo.',
    ),
    claimedCount: words('What the till had counted; empty: it did not say.', 'Co policzyła kasa; puste: nie podała.'),
    claimedAmount: words('The till’s sum.', 'Suma kasy.'),
    difference: words(
      'The till’s sum less ours. Above zero the till has more.',
      'Suma kasy minus nasza. Powyżej zera kasa ma więcej.',
    ),
    agreed: words(
      'Whether all totals of that end of day agreed.',
      'Czy wszystkie sumy tego zamknięcia dnia się zgadzały.',
    ),
    transactions: words(
      'Where the difference may come from: numbers of transactions.',
      'Skąd może pochodzić różnica: numery transakcji.',
    ),
  },
  cashiers: {
    refunds: words(
      'Refunds of this terminal in this hour of all days.',
      'Zwroty terminala o tej godzinie we wszystkich dniach.',
    ),
    cancellations: words('Payments that it cancelled.', 'Płatności, które anulował.'),
    keyed: words('Cards whose number was typed, not read.', 'Karty, których numer wpisano, a nie odczytano.'),
    usual: words(
      'All three together in the four weeks before, for a period of the same length.',
      'Łącznie wszystkie trzy w poprzednich czterech tygodniach, dla okresu tej samej długości.',
    ),
    outlier: words(
      'At least five, and more than three standard deviations above what is usual.',
      'Co najmniej pięć i więcej niż trzy odchylenia standardowe powyżej zwykłej liczby.',
    ),
  },
  welfare: {
    count: words('Cards that were loaded or recalled from.', 'Karty, które zasilono lub z których odebrano.'),
    loaded: words('Loaded by the batch.', 'Zasilono partią.'),
    recalled: words('Taken back of what was unspent.', 'Odebrano z tego, czego nie wydano.'),
  },
  counterparties: {
    opening: words('What it owed before the period.', 'Ile był winien przed okresem.'),
    packSales: words('Packs and e-cards that were sold to it.', 'Sprzedane mu paczki i e-karty.'),
    welfare: words('Loads of its batches.', 'Zasilenia z jego partii.'),
    recalled: words('Taken back from cards in its favour.', 'Odebrane z kart na jego korzyść.'),
    payments: words('What it paid, by the day of payment.', 'Co zapłacił, według dnia wpłaty.'),
    balance: words(
      'What it owes at the end; below zero it has paid in advance.',
      'Ile jest winien na koniec; poniżej zera zapłacił z góry.',
    ),
  },
  users: {
    count: words('Entries of the audit of this action.', 'Wpisy w dzienniku zdarzeń o tej czynności.'),
    refused: words(
      'Those of them that were refused or failed.',
      'Te z nich, których odmówiono lub które się nie powiodły.',
    ),
  },
  network: {
    payments: words(
      'Payments of these twelve months, less cancelled ones.',
      'Płatności z tych dwunastu miesięcy bez anulowanych.',
    ),
    amount: words('Their sum.', 'Ich suma.'),
    rate: words('As a person has set it; empty: nobody has.', 'Jak podał go użytkownik; puste: nikt nie podał.'),
    euros: words('The sum by the rate, rounded up.', 'Suma według kursu, zaokrąglona w górę.'),
    together: words(
      'The same of all currencies that have a rate: this is compared.',
      'To samo dla wszystkich walut, które mają kurs: to się porównuje.',
    ),
    threshold: words(
      'The sum from which the supervisor has to be notified.',
      'Kwota, od której trzeba powiadomić nadzór.',
    ),
  },
} as const satisfies Record<ReportName, Meanings>

/** Of documents that are no reports of the table. */
const DOCUMENTS = {
  settlement: {
    what: words(
      'This period: booked on its days. Undone of a settlement: booked on these days, takes back what that one has closed. Late in a settlement: booked on days of that one after it was made.',
      'Ten okres: zaksięgowane w jego dniach. Cofnięcia z rozliczenia: zaksięgowane w tych dniach, cofają to, co tamto zamknęło. Spóźnione w rozliczeniu: zaksięgowane w dniach tamtego, już po jego sporządzeniu.',
    ),
    receivable: RECEIVABLE,
    payable: PAYABLE,
    net: NET,
  },
  statement: {
    charged: words('Raises what is owed; recalls stand with a minus.', 'Zwiększa dług; odebrania stoją z minusem.'),
    paid: words('Lowers what is owed.', 'Zmniejsza dług.'),
    balance: words(
      'What is owed after this row; below zero it was paid in advance.',
      'Dług po tym wierszu; poniżej zera zapłacono z góry.',
    ),
  },
} as const satisfies Record<string, Meanings>

const ALL: Readonly<Record<string, Meanings>> = { ...MEANINGS, ...DOCUMENTS }

/** What a column of a report or document means; null: its title says it. Documents have numbers: `settlement-3`. */
export function meaningOf(report: string, column: string): Words | null {
  const found = ALL[report] ?? ALL[report.split('-')[0] ?? '']
  if (found === undefined) return null
  if (report === 'roll-forward' && column.endsWith('Undone')) return UNDONE
  return found[column] ?? null
}
