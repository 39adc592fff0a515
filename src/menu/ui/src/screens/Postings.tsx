import { Amount } from '../components/Amount.tsx'
import type { Money } from '../i18n/useFormat.ts'
import { type LocalizedText, useLocalized, useText } from '../i18n/useText.ts'
import classes from './Postings.module.css'

/** A transfer in the form of an accountant. Both columns have equal sums, under a double rule. */
export function Postings({ debit, credit, amount }: { debit: LocalizedText; credit: LocalizedText; amount: Money }) {
  const t = useText()
  const localized = useLocalized()
  const money = <Amount money={amount} />
  return (
    <table className={classes.postings} aria-label={t('tx.transfer')}>
      <thead>
        <tr>
          <th scope="col">{t('posting.account')}</th>
          <th scope="col">{t('posting.debit')}</th>
          <th scope="col">{t('posting.credit')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{localized(debit)}</th>
          <td>{money}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">{localized(credit)}</th>
          <td />
          <td>{money}</td>
        </tr>
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">
            {t('posting.sum')}, {amount.currency}
          </th>
          <td>
            <span className={classes.total}>{money}</span>
          </td>
          <td>
            <span className={classes.total}>{money}</span>
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
