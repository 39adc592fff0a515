import type { Answer } from '../../api/call.ts'

export type OwnRole = Answer<'roles.list'>['own'][number]
