import form from './Form.module.css'

/** Why a form was refused, said at once to a screen reader. */
export function FormProblem({ text }: { text: string | null }) {
  if (text === null) return null
  return (
    <p role="alert" className={form.problem}>
      {text}
    </p>
  )
}
