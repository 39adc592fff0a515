import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, type FormatOptions } from 'oxfmt'
import { ENDPOINTS } from '../../src/web/api/endpoints.ts'
import { API_BASE } from '../../src/web/api/server.ts'
import { openApiOf } from '../../src/web/api/openapi.ts'

/*
 * The types of akart-client, made of the OpenAPI document. `node build/test/web/client-types.js --write` writes them after a
 * change of the API; a test compares.
 */

const FILE = fileURLToPath(new URL('../../../src/web/client/types.ts', import.meta.url))
/** Those of .oxfmtrc.json, which `format` doesn't read. */
const STYLE: FormatOptions = { singleQuote: true, semi: false, printWidth: 120, trailingComma: 'all' }

type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
}
type Media = { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }
type Operation = { readonly requestBody?: Media; readonly responses: Readonly<Record<string, Media>> }

export async function clientTypes(): Promise<string> {
  const document = openApiOf(ENDPOINTS, API_BASE) as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  }
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)}\n`,
  )
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, responses }]) => {
      const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
      return `'${method.toUpperCase()} ${path}': { readonly body: ${bodyOf(requestBody)}; readonly answer: ${bodyOf(answer)} }`
    }),
  )
  const text = `/* Made of the OpenAPI document by test/web/client-types.ts: change the API, not this file. */\n\n${schemas.join('\n')}\n/** What each endpoint takes and answers; null: nothing. */\nexport type Operations = {\n${operations.join('\n')}\n}\n`
  return (await format(FILE, text, STYLE)).code
}

const bodyOf = (media: Media | undefined): string => {
  const schema = media?.content?.['application/json']?.schema
  return schema === undefined ? 'null' : typeOf(schema)
}

function typeOf(schema: Schema): string {
  const { $ref, type, anyOf, items, properties, required = [] } = schema
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? 'unknown'
  if (schema.enum !== undefined) return schema.enum.map((word) => `'${word}'`).join(' | ')
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' | ')
  if (type === 'array') return `readonly (${items === undefined ? 'unknown' : typeOf(items)})[]`
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'string' || type === 'boolean' || type === 'null') return type
  if (type !== 'object' || properties === undefined) return 'unknown'
  const members = Object.entries(properties).map(([name, inner]) => {
    const told = inner.description === undefined ? '' : `/** ${inner.description} */\n`
    return `${told}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(inner)}`
  })
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${members.join('\n')}\n}`
}

export const writtenTypes = (): Promise<string> => readFile(FILE, 'utf8')
if (process.argv.includes('--write')) await writeFile(FILE, await clientTypes())
