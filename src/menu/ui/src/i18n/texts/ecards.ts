import { pairs } from '../pair.ts'

export const ecards = pairs({
  'page.ecards': ['E-cards', 'E-karty'],
  'ecard.lead': [
    'Cards sold by e-mail. Number and code are in the mail alone.',
    'Karty sprzedane pocztą e-mail. Numer i kod są tylko w wiadomości.',
  ],
  'ecard.noMail': [
    'No mail server is configured, so no e-card can be sent.',
    'Nie skonfigurowano serwera poczty, więc nie można wysłać e-karty.',
  ],
  'ecard.noIssue': [
    'No virtual issue is activated, so there is nothing to sell by e-mail.',
    'Żadna emisja wirtualna nie jest aktywna, więc nie ma czego sprzedać pocztą e-mail.',
  ],
  'ecard.none': ['No e-cards yet', 'Nie ma jeszcze e-kart'],
  'ecard.noneText': [
    'What is sold by e-mail appears here, with how far each mail is.',
    'Pojawią się tu karty sprzedane pocztą e-mail i stan każdej wysyłki.',
  ],
  'ecard.sell': ['Sell', 'Sprzedaj'],
  'ecard.sellTitle': ['Sell an e-card', 'Sprzedaj e-kartę'],
  'ecard.sellLead': [
    'A second person has to approve it. Then the card is sold and mailed as a PDF; nobody here sees its number or code.',
    'Musi to zatwierdzić druga osoba. Potem karta zostanie sprzedana i wysłana jako PDF; nikt tutaj nie zobaczy jej numeru ani kodu.',
  ],
  'ecard.range': ['{from} to {to}', 'Od {from} do {to}'],
  'ecard.nominal': ['Its nominal is {amount}.', 'Nominał: {amount}.'],
  'ecard.buyer': ['Paid by', 'Płaci'],
  'ecard.address': ['E-mail address', 'Adres e-mail'],
  'ecard.language': ['Language of the mail', 'Język wiadomości'],
  'ecard.resend': ['Send again', 'Wyślij ponownie'],
  'ecard.resendTitle': ['Send e-card {id} again', 'Wyślij ponownie e-kartę {id}'],
  'ecard.resendLead': [
    'The mail has a new code; the one that was sent before stops working.',
    'W wiadomości będzie nowy kod; wysłany wcześniej przestanie działać.',
  ],
  'ecard.sameAddress': ['To this address at once.', 'Na ten adres od razu.'],
  'ecard.otherAddress': [
    'Another address: a second person has to approve it.',
    'Inny adres: musi to zatwierdzić druga osoba.',
  ],
  'ecard.resent': ['It is sent again.', 'Wysyłka ponowiona.'],
  'ecard.mails': [
    '{n, plural, one {sent} other {sent # times}}',
    '{n, plural, one {wysłana} few {wysłana # razy} many {wysłana # razy} other {wysłana # razy}}',
  ],
  'ecard.nextTry': ['next try', 'następna próba'],
  'ecardState.proposed': ['waits for approval', 'czeka na zatwierdzenie'],
  'ecardState.refused': ['refused', 'odrzucona'],
  'ecardState.sending': ['being sent', 'wysyłana'],
  'ecardState.sent': ['sent', 'wysłana'],
  'ecardState.failed': ['not sent', 'niewysłana'],
  'ecardProblem.sold_out': ['the issue has no card left', 'w emisji nie ma już kart'],
  'ecardProblem.taken_back': [
    'the sale was taken back; another card is sold',
    'sprzedaż cofnięto; zostanie sprzedana inna karta',
  ],
})
