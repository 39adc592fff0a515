import type { Answer } from '../../api/call.ts'

export type EcardRow = Answer<'ecards.list'>['items'][number]
