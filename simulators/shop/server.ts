import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SetUpError } from '../set-up-error.ts'
import { type Api, apiOf, isSigned } from './api.ts'
import { buy, giveBack, type Order } from './orders.ts'
import { backRoomPage, basketPage, receiptPage } from './pages.ts'

export type Shop = { readonly url: string; readonly stop: () => Promise<void> }

const BODY_MOST = 64 * 1024
const ORDERS_MOST = 1_000
const EVENTS_MOST = 200

/** A small shop on loopback: basket, back room, and its webhooks live. */
export async function startShop(parts: {
  readonly web: string
  readonly key: string
  readonly port: number
}): Promise<Shop> {
  const api = apiOf(parts.web, parts.key)
  const orders: Order[] = []
  const events: string[] = []
  const watching = new Set<ServerResponse>()
  let secret = ''
  const told = (line: string): void => {
    events.push(line)
    if (events.length > EVENTS_MOST) events.shift()
    for (const response of watching) response.write(`data: ${line}\n\n`)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => html(response, 502, basketPage(String(error))))
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`
    if (route === 'GET /') return html(response, 200, basketPage(null))
    if (route === 'GET /back-room') return html(response, 200, backRoomPage(orders, null))
    if (route === 'GET /live') return watch(response)
    if (route === 'POST /akart') return hear(request, response)
    if (route === 'POST /pay') return pay(api, orders, await formOf(request), response)
    if (route === 'POST /refund') return refund(api, orders, await formOf(request), response)
    html(response, 404, basketPage('There is no such page.'))
  }
  const watch = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    for (const line of events) response.write(`data: ${line}\n\n`)
    watching.add(response)
    response.on('close', () => watching.delete(response))
  }
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request)
    if (!isSigned(secret, request.headers, body)) return void response.writeHead(401).end()
    const { type, sequence, data } = JSON.parse(body) as {
      type: string
      sequence: number
      data: { id?: string; orderId?: string }
    }
    told(`${type} ${data.id ?? ''} order ${data.orderId ?? '–'} (sequence ${sequence})`)
    response.writeHead(204).end()
  }

  server.listen(parts.port, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stopServer = async (): Promise<void> => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  const endpoint = await api('POST', '/webhook-endpoints', { url: `${url}/akart` }).catch(() => null)
  if (endpoint?.status !== 201) {
    await stopServer()
    throw new SetUpError(
      endpoint === null ? `${parts.web} does not answer` : `${parts.web}: ${String(endpoint.body['detail'])}`,
    )
  }
  secret = String(endpoint.body['secret'])
  return {
    url,
    async stop() {
      await api('DELETE', `/webhook-endpoints/${String(endpoint.body['id'])}`).catch(() => null) // Akart may be gone first
      await stopServer()
    },
  }
}

async function pay(api: Api, orders: Order[], form: URLSearchParams, response: ServerResponse): Promise<void> {
  const order = await buy(api, {
    goods: form.getAll('goods'),
    number: form.get('number') ?? '',
    ecode: form.get('ecode') ?? '',
  })
  if ('refused' in order) return html(response, 200, basketPage(order.refused))
  orders.unshift(order)
  orders.length = Math.min(orders.length, ORDERS_MOST)
  html(response, 200, receiptPage(order))
}

async function refund(api: Api, orders: Order[], form: URLSearchParams, response: ServerResponse): Promise<void> {
  const order = orders.find(({ id }) => id === form.get('order'))
  const value = Math.round(Number(form.get('amount')) * 100)
  const refused = order === undefined ? { refused: 'There is no such order.' } : await giveBack(api, order, value)
  html(response, 200, backRoomPage(orders, refused === null ? null : refused.refused))
}

const html = (response: ServerResponse, status: number, text: string): void =>
  void response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(text)

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) {
    text += String(part)
    if (text.length > BODY_MOST) throw new Error('the body is too large')
  }
  return text
}

const formOf = async (request: IncomingMessage): Promise<URLSearchParams> => new URLSearchParams(await textOf(request))
