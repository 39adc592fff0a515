import { createContext } from 'react'

/** The installation's time zone, for times that do not belong to a store. */
export const ZoneContext = createContext('UTC')
