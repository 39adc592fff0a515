import { createContext } from 'react'

/** The installation's time zone, for what concerns no store. */
export const ZoneContext = createContext('UTC')
