import { type SyntheticEvent, useState } from 'react'
import { useText } from '../i18n/useText.ts'
import { problemText } from './problem-text.ts'

/** A form that keeps its input after a refusal. */
export function useSubmit(act: () => Promise<void>) {
  const t = useText()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await act()
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setBusy(false)
    }
  }
  return {
    problem,
    busy,
    /** After a change of the input, of which the refusal no longer speaks. */
    clear: () => setProblem(null),
    submit: (event: SyntheticEvent): void => {
      event.preventDefault()
      void run()
    },
  }
}
