import { type UpstreamReport, readUpstreams } from '../office/upstream-records.ts'
import { onDatabase } from './on-database.ts'

export type { UpstreamReport }

/** What a home's upstreams are owed and owe, beside a running akart or without one. */
export const listUpstreams = (home: string): Promise<UpstreamReport[]> => onDatabase(home, readUpstreams)
