import type { Answer } from '../../api/call.ts'

export type User = Answer<'users.list'>['items'][number]

/** What an administrator does to somebody in one step, from the list too. */
export type UserAct = 'reset' | 'disable' | 'enable'

export const actsOn = ({ state }: User): readonly UserAct[] => ['reset', state === 'disabled' ? 'enable' : 'disable']
