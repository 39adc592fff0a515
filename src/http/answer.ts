import type { FastifyReply } from 'fastify'

/** An answer as data: it is the same whether Fastify or `direct.ts` sends it. */
export type HttpAnswer = {
  readonly status: number
  /** Those of this answer alone; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Null: none. */
  readonly body: string | null
}

export const sendAnswer = (reply: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply =>
  reply
    .code(status)
    .headers(headers)
    .send(body ?? undefined)
