import type { Answer } from '../../api/call.ts'

export type User = Answer<'users.list'>['items'][number]
