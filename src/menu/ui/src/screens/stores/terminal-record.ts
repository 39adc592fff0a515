import type { Answer } from '../../api/call.ts'

export type TerminalRecord = Answer<'terminals.show'>
export type TerminalAct = 'edit' | 'signOn' | 'give' | 'remove' | 'policy' | 'bind'
