import { OPERATIONS, type OperationRule } from './operations.ts'
import type { Ask } from './request.ts'
import type { Role } from './role.ts'

/** The intended role of a request. A confirmation may become a new booking, a clerk's decision an undo. */
export function roleOf(ask: Exclude<Ask, { act: 'answer' }>): Role {
  switch (ask.act) {
    case 'stage':
    case 'apply_staged':
      return 'books'
    case 'operation':
    case 'forward': {
      const { amount, wants }: OperationRule = OPERATIONS[ask.operation]
      return amount === 'none' && wants === 'known' ? 'informs' : 'books'
    }
    case 'confirmation':
      return 'confirms'
    case 'cancellation':
      return 'cancels'
    case 'reversal':
    case 'unclear_reversal':
      return 'reverses'
    case 'refused':
      return ask.role
    case 'resolution':
      return ask.decision === 'confirm' ? 'confirms' : 'reverses'
  }
}
