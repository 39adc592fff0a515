/** A currency of ISO 4217. */
export type Currency = {
  readonly letters: string
  /** Decimals of its minor unit. */
  readonly exponent: 0 | 2 | 3
}

/** Number and letters, by exponent; currencies that cards are issued in, and those of their neighbours. */
const BY_EXPONENT: readonly (readonly [Currency['exponent'], string])[] = [
  [
    0,
    '152 CLP 262 DJF 324 GNF 352 ISK 392 JPY 174 KMF 410 KRW 600 PYG 646 RWF 800 UGX 704 VND 548 VUV 950 XAF 952 XOF 953 XPF 108 BIF',
  ],
  [3, '048 BHD 368 IQD 400 JOD 414 KWD 434 LYD 512 OMR 788 TND'],
  [
    2,
    '784 AED 008 ALL 051 AMD 032 ARS 036 AUD 944 AZN 977 BAM 050 BDT 975 BGN 986 BRL 933 BYN 124 CAD 756 CHF 156 CNY 170 COP 203 CZK 208 DKK 818 EGP 978 EUR 826 GBP 981 GEL 344 HKD 348 HUF 360 IDR 376 ILS 356 INR 398 KZT 504 MAD 498 MDL 807 MKD 484 MXN 458 MYR 566 NGN 578 NOK 554 NZD 604 PEN 608 PHP 586 PKR 985 PLN 634 QAR 946 RON 941 RSD 682 SAR 752 SEK 702 SGD 764 THB 949 TRY 901 TWD 980 UAH 840 USD 860 UZS 710 ZAR',
  ],
]

const CURRENCIES: ReadonlyMap<number, Currency> = new Map(
  BY_EXPONENT.flatMap(([exponent, list]) => {
    const words = list.split(' ')
    return words.flatMap((word, i): [number, Currency][] =>
      i % 2 === 0 ? [[Number(word), { letters: words[i + 1] ?? word, exponent }]] : [],
    )
  }),
)

/** By its number; one that is not in the list goes by its three digits, with two decimals. */
export const currencyOf = (number: number): Currency =>
  CURRENCIES.get(number) ?? { letters: String(number).padStart(3, '0'), exponent: 2 }

/** `700.00`: an amount of minor units as people read it. */
export function amountText(value: number, currency: number): string {
  const { exponent } = currencyOf(currency)
  const digits = String(Math.abs(value)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, ',')
  return `${value < 0 ? '−' : ''}${grouped}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`}`
}

/** The same in Polish: a comma, blanks between thousands. */
export const amountTextPl = (value: number, currency: number): string =>
  amountText(value, currency).replaceAll(',', ' ').replace('.', ',')
