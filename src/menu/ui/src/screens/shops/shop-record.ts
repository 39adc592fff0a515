import type { Answer } from '../../api/call.ts'

export type ShopRecord = Answer<'shops.show'>
export const LIMITS = ['loadsAnHour', 'loadsADay', 'returnsAnHour', 'returnsADay'] as const
