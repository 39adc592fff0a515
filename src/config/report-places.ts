import { Type } from 'typebox'
import { closed, text } from './values.ts'

const Directory = Type.Object(
  {
    name: text('^[a-z][a-z0-9-]{0,31}$', 'a name of up to 32 small letters, digits and hyphens'),
    path: text('^/.+$', 'an absolute path'),
  },
  closed,
)

/** The only places to which scheduled reports may be sent. */
export const ReportPlacesSchema = Type.Object(
  {
    directories: Type.Array(Directory, { description: 'a list of directories', default: [] }),
    mailDomains: Type.Array(text('^[A-Za-z0-9.-]{1,130}$', 'a domain such as example.com'), {
      description: 'a list of domains',
      default: [],
    }),
  },
  closed,
)
