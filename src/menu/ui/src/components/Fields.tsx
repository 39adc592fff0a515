import { useWord } from '../i18n/useText.ts'
import classes from './Fields.module.css'

type Props = {
  title: string
  fields: readonly { readonly field: string; readonly value: string }[]
}

/** The fields of a message, for people who read ISO 8583. Never with a whole card number. */
export function Fields({ title, fields }: Props) {
  const word = useWord()
  return (
    <table className={classes.fields} aria-label={title}>
      <tbody>
        {fields.map(({ field, value }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td className={classes.name}>{word('de', field)}</td>
            <td className={classes.value}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
