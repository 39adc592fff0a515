import { useContext } from 'react'
import { dayOf } from './days.ts'
import { ZoneContext } from './zone.ts'

/** Today in the zone of the installation, YYYY-MM-DD: after midnight in Warsaw it is still yesterday in UTC. */
export const useToday = (): string => dayOf(new Date().toISOString(), useContext(ZoneContext))
