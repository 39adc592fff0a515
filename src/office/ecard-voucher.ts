import type { Content } from 'pdfmake'
import { code128Text } from '../cards/barcode.ts'
import { amountText, amountTextPl, currencyOf } from '../core/currency.ts'
import { FONT, pdfMaker } from './pdf-maker.ts'
import type { Mail } from './mail.ts'

/** How vouchers look: of the installation's theme. */
export type VoucherLook = {
  readonly name: string
  readonly logo: { readonly type: string; readonly content: Buffer } | null
  /** `#rrggbb`, readable on white. */
  readonly accent: string
  /** Where a holder asks for a balance; null: no such page. */
  readonly balanceUrl: string | null
}

export type Voucher = {
  readonly language: 'en' | 'pl'
  readonly issue: string
  readonly amount: number
  readonly currency: number
  readonly number: string
  readonly ecode: string
  /** YYYY-MM-DD. */
  readonly validUntil: string | null
  readonly day: string
}

const WORDS = {
  en: {
    subject: (name: string) => `Your gift card: ${name}`,
    text: (name: string, sum: string) =>
      `${name}: a gift card of ${sum} for you.\n\nIts number and code are in the attached PDF. Whoever has them can pay with the card, so keep the file to yourself.\nIf this card is sent to you once more, only the latest mail is good.\n`,
    card: 'Gift card',
    number: 'Card number',
    ecode: 'Code (eCode)',
    validUntil: 'Valid until',
    unlimited: 'no last day',
    how: 'In a shop: show the barcode at the till. On the web: type number and code.',
    keep: 'Whoever has number and code can pay with the card. If it is mailed to you once more, only the code in the latest mail works.',
    balance: 'Balance:',
    issued: 'Issued',
  },
  pl: {
    subject: (name: string) => `Twoja karta podarunkowa: ${name}`,
    text: (name: string, sum: string) =>
      `${name}: karta podarunkowa na ${sum} dla Ciebie.\n\nNumer i kod karty są w załączonym pliku PDF. Kto je zna, może kartą płacić, więc zachowaj plik dla siebie.\nJeżeli karta zostanie wysłana ponownie, ważna jest tylko ostatnia wiadomość.\n`,
    card: 'Karta podarunkowa',
    number: 'Numer karty',
    ecode: 'Kod (eCode)',
    validUntil: 'Ważna do',
    unlimited: 'bezterminowo',
    how: 'W sklepie: pokaż kod kreskowy przy kasie. W internecie: wpisz numer i kod.',
    keep: 'Kto zna numer i kod, może kartą płacić. Jeżeli karta zostanie wysłana ponownie, działa tylko kod z ostatniej wiadomości.',
    balance: 'Saldo:',
    issued: 'Wystawiono',
  },
} as const

const fileName = { en: 'gift-card.pdf', pl: 'karta-podarunkowa.pdf' } as const

/** The mail with the voucher; neither is stored. Its text contains neither number nor eCode. */
export async function voucherMail(look: VoucherLook, voucher: Voucher & { readonly to: string }): Promise<Mail> {
  const { to, language } = voucher
  const words = WORDS[language]
  return {
    to,
    subject: words.subject(look.name),
    text: words.text(look.name, sumOf(voucher)),
    attachments: [{ name: fileName[language], type: 'application/pdf', content: await voucherPdf(look, voucher) }],
  }
}

function sumOf({ amount, currency, language }: Voucher): string {
  const sum = language === 'pl' ? amountTextPl(amount, currency) : amountText(amount, currency)
  return `${sum} ${currencyOf(currency).letters}`
}

const inGroups = (number: string): string => number.replace(/(\d{4})(?=\d)/gu, '$1 ')

/** One page of A4: what, how much, number, eCode, barcode, and what to do with them. */
export async function voucherPdf(look: VoucherLook, voucher: Voucher): Promise<Buffer> {
  const words = WORDS[voucher.language]
  const { toBuffer } = await import('bwip-js')
  const barcode = await toBuffer({
    bcid: 'code128',
    text: code128Text(voucher.number),
    scale: 3,
    height: 16,
    paddingwidth: 10,
    paddingheight: 3,
    backgroundcolor: 'FFFFFF',
  })
  const pdfmake = await pdfMaker()
  return pdfmake
    .createPdf({
      info: { title: `${look.name}: ${words.card}` },
      pageSize: 'A4',
      pageMargins: [56, 56, 56, 64],
      defaultStyle: { font: FONT, fontSize: 11 },
      footer: () => ({
        text: `${words.issued} ${voucher.day} · ${look.name}`,
        alignment: 'center',
        fontSize: 8,
        color: '#5b6663',
      }),
      content: [
        brand(look),
        rule(look.accent),
        { text: words.card, fontSize: 14, color: '#5b6663' },
        { text: voucher.issue, fontSize: 16, margin: [0, 2, 0, 18] },
        { text: sumOf(voucher), fontSize: 40, bold: true, color: look.accent, margin: [0, 0, 0, 22] },
        {
          columns: [labelled(words.number, inGroups(voucher.number)), labelled(words.ecode, voucher.ecode)],
          columnGap: 24,
        },
        labelled(words.validUntil, voucher.validUntil ?? words.unlimited),
        { image: `data:image/png;base64,${barcode.toString('base64')}`, width: 300, margin: [0, 20, 0, 20] },
        { text: words.how, margin: [0, 0, 0, 6] },
        ...(look.balanceUrl === null
          ? []
          : [{ text: [`${words.balance} `, { text: look.balanceUrl, color: look.accent }], margin: [0, 0, 0, 6] }]),
        { text: words.keep, color: '#5b6663' },
      ],
    })
    .getBuffer()
}

const labelled = (label: string, value: string): Content => [
  { text: label, fontSize: 9, color: '#5b6663' },
  { text: value, fontSize: 15, bold: true, margin: [0, 2, 0, 12] },
]

const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg'])
const LOGO_HEIGHT = 36

/** The logo beside the name; PDF knows PNG, JPEG and SVG. */
function brand({ name, logo }: VoucherLook): Content {
  const text = { text: name, fontSize: 18, bold: true, margin: [0, 8, 0, 0] }
  if (logo === null) return text
  if (logo.type === 'image/svg+xml') {
    return {
      columns: [{ svg: logo.content.toString('utf8'), fit: [120, LOGO_HEIGHT], width: 'auto' }, text],
      columnGap: 12,
    }
  }
  if (!PICTURES.has(logo.type)) return text
  const image = `data:${logo.type};base64,${logo.content.toString('base64')}`
  return { columns: [{ image, fit: [120, LOGO_HEIGHT], width: 'auto' }, text], columnGap: 12 }
}

const rule = (colour: string): Content => ({
  canvas: [{ type: 'rect', x: 0, y: 0, w: 483, h: 4, color: colour }],
  margin: [0, 10, 0, 28],
})
