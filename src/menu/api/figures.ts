import { Type } from 'typebox'
import { members, oneOf, orNull, LocalizedText } from './values.ts'

const Row = Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()]))

/** A table of figures: of a report, a statement, a settlement. */
export const Figures = {
  columns: Type.Array(
    members({
      name: Type.String(),
      kind: oneOf(['text', 'day', 'count', 'money', 'ratio']),
      title: LocalizedText,
      /** What its figures mean; null: the title says it. */
      meaning: orNull(LocalizedText),
    }),
  ),
  /** In the order of the columns; money in minor units of the row's currency. */
  rows: Type.Array(Row),
  /** Sums of each kind of rows, where rows are of several. */
  subtotals: Type.Array(Row),
  totals: Type.Array(Row),
  /** How many decimals money has, by currency. */
  exponents: Type.Array(members({ currency: Type.String(), exponent: Type.Integer() })),
}

export const Matrix = Type.Array(
  members({ origin: Type.String(), spentIn: Type.String(), currency: Type.String(), amount: Type.Integer() }),
)

export const ExactAsOf = members({ at: Type.String(), rows: Type.Integer(), sum: Type.Integer() })

/** The format of the file. */
export const FileFormat = {
  format: Type.Optional(oneOf(['csv', 'xlsx', 'pdf', 'json'])),
  preset: Type.Optional(oneOf(['en', 'pl', 'windows-1250'])),
}
