/** One sentence in each language. */
type Texts = { readonly en: string; readonly pl: string }

type ProblemRow = {
  /** HTTP status (RFC 9110). */
  readonly status: 400 | 401 | 402 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 421 | 422 | 429 | 500 | 503 | 504
  /** The `title` of the problem (RFC 9457, section 3.1.3). */
  readonly title: Texts
  /** The explanation for the page /problems/<code>. */
  readonly meaning: Texts
  /** The remedy for the caller. */
  readonly remedy: Texts
}

/**
 * Every problem that the HTTP API answers with (docs/spec/web.md, section 2). The page /problems/<code> and the answers are
 * generated from this table.
 */
// prettier-ignore
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: { en: 'The request is not valid', pl: 'Nieprawidłowe żądanie' },
    meaning: { en: 'The body is not JSON, a member is missing, unknown or of the wrong type, or a value is out of range.', pl: 'Treść nie jest poprawnym JSON-em, brakuje pola, pole jest nieznane lub złego typu albo wartość jest spoza zakresu.' },
    remedy: { en: 'Correct the member that `pointer` names. Nothing was booked; the same Idempotency-Key may be used again.', pl: 'Popraw pole wskazane w `pointer`. Nic nie zaksięgowano; tego samego Idempotency-Key można użyć ponownie.' },
  },
  idempotency_key_missing: {
    status: 400,
    title: { en: 'The Idempotency-Key is missing', pl: 'Brak nagłówka Idempotency-Key' },
    meaning: { en: 'A request that moves money needs a header Idempotency-Key of 1 to 64 visible ASCII characters.', pl: 'Żądanie, które przenosi pieniądze, wymaga nagłówka Idempotency-Key z 1–64 widocznych znaków ASCII.' },
    remedy: { en: 'Draw a key for each new request, keep it, and send it again with every repeat of that request.', pl: 'Wylosuj klucz dla każdego nowego żądania, zachowaj go i wysyłaj przy każdym powtórzeniu tego żądania.' },
  },
  unauthorised: {
    status: 401,
    title: { en: 'The API key is not accepted', pl: 'Klucz API nie został przyjęty' },
    meaning: { en: 'The Authorization header is missing or malformed, or the key is unknown, revoked, past its end, or used from another address.', pl: 'Brak nagłówka Authorization lub jest błędny albo klucz jest nieznany, unieważniony, po terminie lub użyty z innego adresu.' },
    remedy: { en: 'Send `Authorization: Bearer` with a key of your shop. An administrator makes a new one.', pl: 'Wyślij `Authorization: Bearer` z kluczem swojego sklepu. Nowy klucz tworzy administrator.' },
  },
  scope_missing: {
    status: 403,
    title: { en: 'The API key lacks a scope', pl: 'Klucz API nie ma uprawnienia' },
    meaning: { en: 'The key is good, but it was made without the scope that `scope` names.', pl: 'Klucz jest dobry, ale nie ma zakresu podanego w `scope`.' },
    remedy: { en: 'Use a key that has the scope.', pl: 'Użyj klucza, który ma ten zakres.' },
  },
  secret_key_in_browser: {
    status: 403,
    title: { en: 'A secret key was used in a browser', pl: 'Tajny klucz użyty w przeglądarce' },
    meaning: { en: 'The request has an Origin header: it came from a page, whose visitors can read the key.', pl: 'Żądanie ma nagłówek Origin: pochodzi ze strony, której odwiedzający mogą odczytać klucz.' },
    remedy: { en: 'Revoke the key, make a new one, and use a publishable key in pages.', pl: 'Unieważnij klucz, utwórz nowy, a na stronach używaj klucza publicznego.' },
  },
  card_not_recognised: {
    status: 402,
    title: { en: 'The card is not recognised', pl: 'Nie rozpoznano karty' },
    meaning: { en: 'Number and eCode do not belong to a sold card. Which of them is wrong is not said, and neither is whether tries are locked.', pl: 'Numer i eKod nie należą do sprzedanej karty. Nie podaje się, co jest błędne, ani czy próby są zablokowane.' },
    remedy: { en: 'Ask the holder to type number and eCode again. After five wrong eCodes wait 15 minutes.', pl: 'Poproś posiadacza o ponowne wpisanie numeru i eKodu. Po pięciu błędnych eKodach odczekaj 15 minut.' },
  },
  insufficient_funds: {
    status: 402,
    title: { en: 'There is not enough money on the card', pl: 'Za mało środków na karcie' },
    meaning: { en: 'The amount is more than the available balance.', pl: 'Kwota przekracza dostępne saldo.' },
    remedy: { en: 'Ask for less, or send `partial: true` and take the rest by other means.', pl: 'Zażądaj mniejszej kwoty albo wyślij `partial: true` i resztę pobierz inaczej.' },
  },
  card_blocked: {
    status: 402,
    title: { en: 'The card is blocked', pl: 'Karta jest zablokowana' },
    meaning: { en: 'The card was blocked at the request of its holder, as lost or stolen, or on suspicion.', pl: 'Karta została zablokowana na życzenie posiadacza, jako zgubiona lub skradziona albo z powodu podejrzenia.' },
    remedy: { en: 'The holder asks the help desk of the chain.', pl: 'Posiadacz zgłasza się do pomocy technicznej sieci.' },
  },
  card_expired: {
    status: 402,
    title: { en: 'The card has expired', pl: 'Karta straciła ważność' },
    meaning: { en: 'The last day of the card is past.', pl: 'Minął ostatni dzień ważności karty.' },
    remedy: { en: 'The holder asks the help desk of the chain whether it can be extended.', pl: 'Posiadacz pyta pomoc techniczną sieci, czy ważność można przedłużyć.' },
  },
  not_permitted: {
    status: 402,
    title: { en: 'The card may not be used for this', pl: 'Karty nie można tak użyć' },
    meaning: { en: 'The rules of the card’s issue do not allow this operation, this currency or this shop.', pl: 'Zasady emisji karty nie pozwalają na tę operację, walutę lub sklep.' },
    remedy: { en: 'Look at `reason`; offer another means of payment.', pl: 'Sprawdź `reason`; zaproponuj inny sposób płatności.' },
  },
  amount_invalid: {
    status: 402,
    title: { en: 'The amount is not allowed for this card', pl: 'Kwota niedozwolona dla tej karty' },
    meaning: { en: 'The amount is below the minimum, above the maximum, no multiple of the step, or not the nominal value.', pl: 'Kwota jest poniżej minimum, powyżej maksimum, nie jest wielokrotnością kroku lub różni się od nominału.' },
    remedy: { en: 'Keep to `minimum`, `maximum` and `step`.', pl: 'Zachowaj `minimum`, `maximum` i `step`.' },
  },
  limit_exceeded: {
    status: 402,
    title: { en: 'A limit is exceeded', pl: 'Przekroczono limit' },
    meaning: { en: 'The maximum balance of the card, its limit for the day, or a limit of the shop would be exceeded.', pl: 'Przekroczone byłoby maksymalne saldo karty, jej limit dzienny lub limit sklepu.' },
    remedy: { en: 'Ask for less, or again on another day.', pl: 'Zażądaj mniejszej kwoty lub spróbuj innego dnia.' },
  },
  not_yet_online: {
    status: 402,
    title: { en: 'The card is not yet open for the Internet', pl: 'Karta nie działa jeszcze w Internecie' },
    meaning: { en: 'The issue opens cards for e-commerce some hours after their sale; `from` says when.', pl: 'Emisja otwiera karty dla e-handlu kilka godzin po sprzedaży; `from` podaje kiedy.' },
    remedy: { en: 'Ask again after `from`.', pl: 'Spróbuj ponownie po `from`.' },
  },
  not_found: {
    status: 404,
    title: { en: 'There is no such thing', pl: 'Nie ma takiego zasobu' },
    meaning: { en: 'The path or the id names nothing that belongs to this shop.', pl: 'Ścieżka lub identyfikator nie wskazuje niczego, co należy do tego sklepu.' },
    remedy: { en: 'Check path and id.', pl: 'Sprawdź ścieżkę i identyfikator.' },
  },
  method_not_allowed: {
    status: 405,
    title: { en: 'The method is not allowed here', pl: 'Metoda niedozwolona' },
    meaning: { en: 'The path exists, but not for this method; the header Allow lists those that it takes.', pl: 'Ścieżka istnieje, ale nie dla tej metody; nagłówek Allow wymienia dozwolone.' },
    remedy: { en: 'Use one of the methods in Allow.', pl: 'Użyj metody z nagłówka Allow.' },
  },
  too_slow: {
    status: 408,
    title: { en: 'The request did not come in time', pl: 'Żądanie nie nadeszło na czas' },
    meaning: { en: 'Headers have to come within 10 seconds, and the body within a few more.', pl: 'Nagłówki muszą nadejść w ciągu 10 sekund, a treść wkrótce po nich.' },
    remedy: { en: 'Send the whole request at once.', pl: 'Wyślij całe żądanie od razu.' },
  },
  payload_too_large: {
    status: 413,
    title: { en: 'The body is too large', pl: 'Za duża treść żądania' },
    meaning: { en: 'A body has at most 16 KiB.', pl: 'Treść może mieć najwyżej 16 KiB.' },
    remedy: { en: 'Send less.', pl: 'Wyślij mniej.' },
  },
  unsupported_media_type: {
    status: 415,
    title: { en: 'The body is not JSON', pl: 'Treść nie jest JSON-em' },
    meaning: { en: 'Bodies are JSON in UTF-8, with Content-Type application/json.', pl: 'Treść to JSON w UTF-8 z Content-Type application/json.' },
    remedy: { en: 'Send Content-Type: application/json.', pl: 'Wyślij Content-Type: application/json.' },
  },
  misdirected: {
    status: 421,
    title: { en: 'The host name is not ours', pl: 'Nieznana nazwa hosta' },
    meaning: { en: 'The Host header names none of the names that this server answers for.', pl: 'Nagłówek Host nie zawiera żadnej z nazw tego serwera.' },
    remedy: { en: 'Use the address that the operator gave you.', pl: 'Użyj adresu podanego przez operatora.' },
  },
  reversed: {
    status: 409,
    title: { en: 'It was reversed', pl: 'Operację wycofano' },
    meaning: { en: 'The request was taken back by a reversal, or because nobody confirmed it in time.', pl: 'Operację wycofano zleceniem wycofania lub z braku potwierdzenia w terminie.' },
    remedy: { en: 'Start again with a new Idempotency-Key.', pl: 'Zacznij od nowa z nowym Idempotency-Key.' },
  },
  already_undone: {
    status: 409,
    title: { en: 'It is undone or done already', pl: 'Już wykonano lub cofnięto' },
    meaning: { en: 'It was cancelled before, or confirmed with another amount.', pl: 'Operację już anulowano lub potwierdzono na inną kwotę.' },
    remedy: { en: 'Read its present state with GET.', pl: 'Odczytaj jej stan metodą GET.' },
  },
  too_late: {
    status: 409,
    title: { en: 'It is too late', pl: 'Za późno' },
    meaning: { en: 'The time within which it can be cancelled is over.', pl: 'Minął czas, w którym można anulować.' },
    remedy: { en: 'Refund a payment; ask the back office about a load.', pl: 'Płatność zwróć; w sprawie zasilenia skontaktuj się z obsługą.' },
  },
  spent: {
    status: 409,
    title: { en: 'The money is spent', pl: 'Środki już wykorzystano' },
    meaning: { en: 'Of the load something was spent, or of the payment something was refunded.', pl: 'Część zasilenia wydano lub część płatności zwrócono.' },
    remedy: { en: 'Refund what is left of a payment; a load stands.', pl: 'Zwróć resztę płatności; zasilenie pozostaje.' },
  },
  refund_exceeds_payment: {
    status: 409,
    title: { en: 'The refunds exceed the payment', pl: 'Zwroty przekraczają płatność' },
    meaning: { en: 'All refunds of a payment together are at most what it took.', pl: 'Suma zwrotów nie może przekroczyć pobranej kwoty.' },
    remedy: { en: 'Refund at most amount − refunded of the payment.', pl: 'Zwróć najwyżej amount − refunded tej płatności.' },
  },
  not_confirmed: {
    status: 409,
    title: { en: 'The payment is not confirmed', pl: 'Płatność nie jest potwierdzona' },
    meaning: { en: 'Only a confirmed payment can be refunded.', pl: 'Zwrócić można tylko potwierdzoną płatność.' },
    remedy: { en: 'Cancel it, or confirm it first.', pl: 'Anuluj ją albo najpierw potwierdź.' },
  },
  in_progress: {
    status: 409,
    title: { en: 'The first request is still running', pl: 'Pierwsze żądanie jeszcze trwa' },
    meaning: { en: 'A request with the same Idempotency-Key has no outcome yet.', pl: 'Żądanie z tym samym Idempotency-Key nie ma jeszcze wyniku.' },
    remedy: { en: 'Repeat it with the same key.', pl: 'Powtórz je z tym samym kluczem.' },
  },
  sold_out: {
    status: 409,
    title: { en: 'No card is left', pl: 'Brak kart' },
    meaning: { en: 'All cards of the issue are sold, or the issue is not open for sale.', pl: 'Wszystkie karty emisji sprzedano lub emisja nie jest w sprzedaży.' },
    remedy: { en: 'Sell another issue.', pl: 'Sprzedaj kartę innej emisji.' },
  },
  idempotency_key_reused: {
    status: 422,
    title: { en: 'The Idempotency-Key was used for another request', pl: 'Idempotency-Key użyto dla innego żądania' },
    meaning: { en: 'The same key came before with another method, path, body or card. The first request stands.', pl: 'Ten sam klucz wystąpił z inną metodą, ścieżką, treścią lub kartą. Pierwsze żądanie obowiązuje.' },
    remedy: { en: 'Draw a new key for a new request.', pl: 'Dla nowego żądania wylosuj nowy klucz.' },
  },
  too_many_requests: {
    status: 429,
    title: { en: 'Too many requests', pl: 'Zbyt wiele żądań' },
    meaning: { en: 'A budget of this key or this address is used up.', pl: 'Wyczerpano limit żądań tego klucza lub adresu.' },
    remedy: { en: 'Wait as many seconds as Retry-After says.', pl: 'Odczekaj tyle sekund, ile podaje Retry-After.' },
  },
  internal_error: {
    status: 500,
    title: { en: 'Something is broken here', pl: 'Błąd po naszej stronie' },
    meaning: { en: 'A fault of this server, written to its log under `requestId`. Whether something was booked is not known.', pl: 'Błąd serwera zapisany w dzienniku pod `requestId`. Nie wiadomo, czy coś zaksięgowano.' },
    remedy: { en: 'Repeat with the same Idempotency-Key; if it stays, name the `requestId` to the operator.', pl: 'Powtórz z tym samym Idempotency-Key; jeśli błąd trwa, podaj operatorowi `requestId`.' },
  },
  overloaded: {
    status: 503,
    title: { en: 'Too busy', pl: 'Przeciążenie' },
    meaning: { en: 'There is more to do than can be done in time. Nothing was booked.', pl: 'Żądań jest więcej, niż można obsłużyć na czas. Nic nie zaksięgowano.' },
    remedy: { en: 'Repeat after Retry-After with the same Idempotency-Key.', pl: 'Powtórz po czasie z Retry-After z tym samym Idempotency-Key.' },
  },
  unavailable: {
    status: 503,
    title: { en: 'Not available', pl: 'Usługa niedostępna' },
    meaning: { en: 'The database cannot be reached. Nothing was booked.', pl: 'Baza danych jest niedostępna. Nic nie zaksięgowano.' },
    remedy: { en: 'Repeat after Retry-After with the same Idempotency-Key.', pl: 'Powtórz po czasie z Retry-After z tym samym Idempotency-Key.' },
  },
  outcome_unknown: {
    status: 504,
    title: { en: 'The outcome is not known', pl: 'Wynik nieznany' },
    meaning: { en: 'For 30 seconds nobody could say whether the request was booked.', pl: 'Przez 30 sekund nie udało się ustalić, czy żądanie zaksięgowano.' },
    remedy: { en: 'Repeat with the same Idempotency-Key; the answer will be the true one.', pl: 'Powtórz z tym samym Idempotency-Key; odpowiedź będzie prawdziwa.' },
  },
  host_silent: {
    status: 504,
    title: { en: 'The host of the card does not answer', pl: 'Wystawca karty nie odpowiada' },
    meaning: { en: 'The card belongs to another host, which did not answer; what it may have booked is reversed.', pl: 'Karta należy do innego systemu, który nie odpowiedział; ewentualna operacja zostanie wycofana.' },
    remedy: { en: 'Offer another means of payment, or try again later.', pl: 'Zaproponuj inny sposób płatności lub spróbuj później.' },
  },
} as const satisfies Record<string, ProblemRow>

export type ProblemCode = keyof typeof PROBLEMS
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[]
export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text)
