import type { Access } from '../../src/db/access.ts'
import { createCluster } from '../../src/db/cluster.ts'

/** The database of a test as a cluster of one node. */
export const clustered = (access: Access): Access => ({
  ...access,
  cluster: createCluster([{ host: access.host, port: access.port }]),
})
