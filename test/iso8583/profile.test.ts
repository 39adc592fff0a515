import type { FieldFormat } from 'iso_8583'
import formats from 'iso_8583/lib/formats.js'
import t from 'tap'
import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import { parseProfile } from '../../src/iso8583/profile.ts'
import { PROFILE_NAMES, PROFILES, profileText } from './profiles.ts'

/** `n..19`, `an12`, as standards write it. */
const notation = ({ content, length }: FieldSpec): string =>
  length.kind === 'fixed' ? `${content}${length.size}` : `${content}${'.'.repeat(length.digits)}${length.most}`

void t.test('the sizes of the terminal interface', async (t) => {
  const SIZES =
    '2 n..19 · 3 n6 · 4 n12 · 7 n10 · 11 n6 · 12 n6 · 13 n4 · 14 n4 · 18 n4 · 22 n3 · 24 n3 · 25 n2 · 32 n..11 · 35 z..37 · ' +
    '37 an12 · 38 an6 · 39 an2 · 41 ans8 · 42 ans15 · 43 ans40 · 44 ans..25 · 45 ans..76 · 48 ans...999 · 49 n3 · 53 n16 · ' +
    '54 ans...120 · 55 b...999 · 59 ans...999 · 60 ans...999 · 61 ans...999 · 62 ans...999 · 63 ans...999 · 64 b8 · 70 n3 · ' +
    '74 n10 · 75 n10 · 76 n10 · 77 n10 · 86 n16 · 87 n16 · 88 n16 · 89 n16 · 90 n42 · 97 x+n16 · 102 ans..28 · 103 ans..28 · 128 b8'
  for (const row of SIZES.split(' · ')) {
    const [de, size] = row.split(' ')
    const spec = PROFILES['iso87-ascii'].specs.get(Number(de))
    t.equal(spec && notation(spec), size, `element ${de}`)
  }
})

void t.test('the four profiles differ in their encodings only, and have every element of 1987', async (t) => {
  const rows = PROFILE_NAMES.map((name) =>
    [...PROFILES[name].specs.values()].map((spec) => `${spec.de} ${spec.name} ${notation(spec)}`),
  )
  for (const other of rows) t.same(other, rows[0])
  const all = Array.from({ length: 127 }, (_, i) => i + 2).filter((de) => de !== 65)
  t.same([...PROFILES['iso87-ascii'].specs.keys()], all)
})

/**
 * The differences from the dictionary of the `iso_8583` package, and why ours is right. `S2`: section 2 of the terminal
 * interface lists the size. Its `b` counts hex digits.
 */
const DIFFERENCES: Readonly<Record<number, string>> = {
  34: 'ns is a content type of 1993; ans has all its characters',
  36: 'the standard has z: a track has separators',
  37: 'S2; anp (with spaces inside) is of 1993, here spaces fill the end',
  38: 'S2; as 37',
  40: 'the standard has an3',
  50: 'the standard has `a or n`; every currency here is n3, as in 49',
  53: 'S2; theirs is the longer one of 1993',
  54: 'S2',
  55: 'S2: chip data is binary',
  58: 'reserved: theirs is the use that one host makes of it',
  59: 'S2',
  64: 'S2: 64 bits; theirs has 8 hex digits, which is half of it',
  96: 'the standard has 64 bits; theirs half of it, as 64',
  118: 'reserved: theirs is digits, as one host uses it',
  119: 'as 118',
  120: 'as 118',
  121: 'as 118',
  122: 'as 118',
  123: 'reserved: theirs is the point of service data of one host',
  127: 'reserved: LLLVAR as all of them; theirs is the nested one of one host',
  128: 'as 64',
}

const LEN_TYPES: Readonly<Record<FieldFormat['LenType'], number>> = {
  fixed: 0,
  llvar: 2,
  lllvar: 3,
  llllvar: 4,
  lllllvar: 5,
  llllllvar: 6,
}

function theirNotation({ ContentType, LenType, MaxLen }: FieldFormat): string {
  const size = ContentType === 'b' ? MaxLen / 2 : ContentType === 'x+n' ? MaxLen - 1 : MaxLen
  return `${ContentType}${'.'.repeat(LEN_TYPES[LenType])}${size}`
}

void t.test('our dictionary is that of the iso_8583 package but for what is listed', async (t) => {
  for (const [de, spec] of PROFILES['iso87-ascii'].specs) {
    const theirs = formats[de]
    const same = theirs !== undefined && theirNotation(theirs) === notation(spec)
    t.equal(
      same,
      !(de in DIFFERENCES),
      `element ${de}: ours ${notation(spec)}, theirs ${theirs && theirNotation(theirs)}`,
    )
  }
})

/** A profile of two elements, to be spoilt. */
const SMALL = `name: small
encodings:
  mti: ascii
  bitmap: raw
  numeric: ascii
  text: ascii
  length: ascii
  binary: raw
  track2: ascii
fields:
  3: { name: Processing code, content: n, length: fixed 6 }
  44: { name: Reason, content: ans, length: LLVAR..25 }
`

const WRONG: readonly (readonly [what: string, replace: string | RegExp, by: string, message: string | RegExp])[] = [
  ['an unknown key', 'name: small', 'name: small\nheader: 5', /^small.yaml:2: unknown key header; known are/],
  ['an unknown encoding', '  text: ascii', '  text: latin2', 'small.yaml:6: text is latin2; it may be ascii, ebcdic'],
  [
    'an unknown code page',
    '  text: ascii',
    '  text: ebcdic\n  codePage: 1208',
    /^small.yaml:7: codePage is 1208; it may be 037, 273/,
  ],
  [
    'a code page of nothing',
    '  text: ascii',
    '  text: ascii\n  codePage: 1047',
    /^small.yaml:7: codePage is for text in ebcdic/,
  ],
  [
    'an entry mode of ours',
    'name: small',
    'name: small\nentryModes: { 81: 02 }',
    'small.yaml:2: entry mode 81 is the same in every dialect',
  ],
  [
    'an entry mode of three digits',
    'name: small',
    'name: small\nentryModes: { 801: 02 }',
    'small.yaml:2: entry mode 801: it is two digits',
  ],
  [
    'an entry mode that is taken for nothing',
    'name: small',
    'name: small\nentryModes:\n  80: 03',
    'small.yaml:3: entry mode 80: it may be 01, 02, refuse',
  ],
  ['an unknown part', '  text: ascii', '  text: ascii\n  tracks: ascii', /^small.yaml:7: unknown key tracks/],
  ['a missing encoding', '  length: ascii\n', '', 'small.yaml:3: length is missing'],
  ['no encodings', /encodings:\n(.*\n){7}/, '', 'small.yaml:1: encodings is missing'],
  ['a name missing', 'name: small\n', '', 'small.yaml:1: name is missing'],
  [
    'an unknown content type',
    'content: ans',
    'content: anz',
    /^small.yaml:12: content is anz; it may be n, a, an, ans/,
  ],
  ['content missing', ' content: ans,', '', 'small.yaml:12: content is missing'],
  ['the same element twice', '  44:', '  3:', /^small.yaml:12: .*unique/],
  ['element 1', '  3:', '  1:', /^small.yaml:11: data element 1: it may be 2 to 128/],
  ['element 65', '  44:', '  65:', /^small.yaml:12: data element 65/],
  ['element 129', '  44:', '  129:', /^small.yaml:12: data element 129/],
  ['an element that is a word', '  44:', '  reason:', 'small.yaml:12: a data element is a whole number'],
  ['a row that is a text', /\{ name: Reason.*\}/, 'ans..25', 'small.yaml:12: a data element 44 is a mapping'],
  ['a row of nothing', /\{ name: Reason.*\}/, '', 'small.yaml:12: a data element 44 is a mapping'],
  ['a misspelt key of a row', 'content: ans', 'contents: ans', /^small.yaml:12: unknown key contents/],
  ['a length that is a number', 'fixed 6', '6', 'small.yaml:11: length is text'],
  ['a length of zero', 'fixed 6', 'fixed 0', /^small.yaml:11: length fixed 0: it is/],
  ['another notation', 'LLVAR..25', '..25', /^small.yaml:12: length \.\.25: it is `fixed N`, `LVAR\.\.N`, `LLVAR/],
  [
    'over what LL holds',
    'LLVAR..25',
    'LLVAR..100',
    'small.yaml:12: length LLVAR..100: LLVAR in ascii holds at most 99',
  ],
  ['over what there is room for', 'fixed 6', 'fixed 10000', 'small.yaml:11: length fixed 10000: at most 9999'],
  ['x+n of variable length', 'content: ans', 'content: x+n', 'small.yaml:12: length LLVAR..25: x+n has a fixed length'],
  [
    'an encoding that the content cannot have',
    'LLVAR..25',
    'LLVAR..25, encoding: bcd',
    /^small.yaml:12: encoding is bcd/,
  ],
  ['unknown bitmaps', 'name: small', 'name: small\nbitmaps: two', /^small.yaml:2: bitmaps is two; it may be up to 1/],
  ['an element over the bitmaps', 'name: small', 'name: small\nbitmaps: up to 0', /^small.yaml:2: bitmaps is up to 0/],
  ['a filler of text', 'LLVAR..25', 'LLVAR..25, filler: left 0', 'small.yaml:12: filler is for n and z in bcd'],
  ['a filler of no BCD', 'fixed 6', 'fixed 6, filler: right F', 'small.yaml:11: filler is for n and z in bcd'],
  ['an unknown count', 'LLVAR..25', 'LLVAR..25, lengthCounts: bits', /^small.yaml:12: lengthCounts is bits/],
  [
    'over what a count of half bytes holds',
    'LLVAR..25',
    'LLVAR..50, lengthCounts: nibbles',
    'small.yaml:12: length LLVAR..50: LLVAR in ascii holds at most 49',
  ],
  ['no YAML', 'fields:', 'fields: [', /^small.yaml:\d+: /],
  ['nothing', /[^]*/, '', 'small.yaml:1: a profile is a mapping'],
  ['a list', /[^]*/, '- 1', 'small.yaml:1: a profile is a mapping'],
]

void t.test('a wrong profile is an error with file, line and reason', async (t) => {
  t.equal(parseProfile(SMALL, 'small.yaml').specs.size, 2)
  for (const [what, replace, by, message] of WRONG) {
    const text = SMALL.replace(replace, by)
    t.not(text, SMALL)
    t.throws(() => parseProfile(text, 'small.yaml'), { name: 'ProfileError', message }, what)
  }
})

void t.test('a row may have encodings of its own', async (t) => {
  const text = SMALL.replace('LLVAR..25', 'LVAR..200, encoding: ebcdic, lengthEncoding: binary')
  const spec = parseProfile(text, 'small.yaml').specs.get(44)
  t.match(spec, { length: { digits: 1, most: 200 }, encodings: { text: 'ebcdic', length: 'binary', numeric: 'ascii' } })
  const three = parseProfile(
    SMALL.replace('name: small', 'name: small\nbitmaps: up to 3').replace('  44:', '  130:'),
    'x',
  )
  t.equal(three.bitmaps.length, 3)
  t.equal(PROFILES['iso87-bcd'].specs.get(4)?.encodings.numeric, 'bcd')
  t.match(profileText('iso87-ascii'), /^# ISO 8583:1987/)
  const pages = ['037', '1047', "'500'"].map((page) =>
    SMALL.replace('  text: ascii', `  text: ebcdic\n  codePage: ${page}`),
  )
  t.same(
    pages.map((page) => parseProfile(page, 'x').encodings.codePage),
    ['037', '1047', '500'],
  )
})

const OWN = `name: own
extends: small
encodings:
  numeric: bcd
fields:
  44: { name: Other, content: an, length: fixed 3 }
  45: { name: Track 1, content: ans, length: LLVAR..76 }
`
const texts = new Map([
  ['small', SMALL],
  ['circle', 'name: circle\nextends: circle\n'],
])

void t.test('a profile may extend another one', async (t) => {
  const [own, small] = [parseProfile(OWN, 'own.yaml', texts), parseProfile(SMALL, 'small.yaml')]
  t.same({ ...own.encodings, numeric: 'ascii' }, small.encodings, 'what it does not say is as there')
  t.equal(own.encodings.numeric, 'bcd')
  t.same(
    [...own.specs.keys()].toSorted((a, b) => a - b),
    [...new Set([...small.specs.keys(), 44, 45])].toSorted((a, b) => a - b),
  )
  t.match(own.specs.get(44), { name: 'Other', length: { kind: 'fixed', size: 3 } }, 'a row takes the place of the row')
  t.same(parseProfile('name: same\nextends: small\n', 'same.yaml', texts).encodings, small.encodings)
  const further = parseProfile('name: f\nextends: small\nencodings: { furtherBitmaps: hex }\n', 'f.yaml', texts)
  t.same([further.encodings.bitmap, further.encodings.furtherBitmaps], [small.encodings.bitmap, 'hex'])
  const wrong: [string, string][] = [
    ['name: x\nextends: smal\n', 'x.yaml:2: extends smal: there is no such profile; there are small, circle'],
    ['name: x\nextends: circle\n', 'circle.yaml:2: extends circle: it extends itself'],
    ['extends: small\n', 'x.yaml:1: name is missing'],
  ]
  for (const [text, message] of wrong) {
    t.throws(() => parseProfile(text, 'x.yaml', texts), { name: 'ProfileError', message }, text)
  }
})
