import { useState } from 'react'
import { ApiProblem } from '../api/call.ts'

/** Holds the server's faults of the parts of a request: by field, by row. */
export function useFaults() {
  const [faults, setFaults] = useState<ApiProblem['faults']>([])
  const watched = async (act: () => Promise<void>): Promise<void> => {
    setFaults([])
    try {
      await act()
    } catch (error) {
      if (error instanceof ApiProblem) setFaults(error.faults)
      throw error
    }
  }
  return { faults, watched }
}
