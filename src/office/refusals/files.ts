import type { RefusalRule } from './rule.ts'

export const FILE_REFUSALS = {
  file_there: {
    status: 409,
    en: '{file} already exists.',
    pl: 'Plik {file} już istnieje.',
    hint: '',
  },
  file_not_made: {
    status: 500,
    en: "{file}: can't be made ({why}).",
    pl: 'Nie można utworzyć pliku {file} ({why}).',
    hint: '',
  },
  directory_missing: {
    status: 400,
    en: 'There is no directory {directory}.',
    pl: 'Nie ma katalogu {directory}.',
    hint: '',
  },
  file_not_read: {
    status: 400,
    en: "{file}: can't be read: {why}.",
    pl: 'Nie można odczytać pliku {file}: {why}.',
    hint: '',
  },
  file_not_written: {
    status: 500,
    en: "{file}: can't be written: {why}.",
    pl: 'Nie można zapisać pliku {file}: {why}.',
    hint: '',
  },
  file_too_large: {
    status: 413,
    en: '{file}: more than {most}.',
    pl: '{file}: więcej niż {most}.',
    hint: '',
  },
  not_utf8: {
    status: 400,
    en: '{file}: not UTF-8; save it as CSV in UTF-8.',
    pl: '{file}: to nie jest UTF-8; zapisz plik jako CSV w UTF-8.',
    hint: '',
  },
  not_csv: {
    status: 400,
    en: '{file}:{line}: not CSV ({why}).',
    pl: '{file}:{line}: to nie jest CSV ({why}).',
    hint: '',
  },
  no_cards_in_file: {
    status: 400,
    en: '{file}: no cards in it.',
    pl: '{file}: nie ma w nim kart.',
    hint: '',
  },
  no_columns: {
    status: 400,
    en: '{file}: empty; the first line names the columns: {columns}.',
    pl: '{file}: pusty; pierwszy wiersz zawiera nazwy kolumn: {columns}.',
    hint: '',
  },
  no_lines: {
    status: 400,
    en: '{file}: nothing below the names of the columns.',
    pl: '{file}: nie ma nic pod nazwami kolumn.',
    hint: '',
  },
  no_such_column: {
    status: 400,
    en: '{where}: there is no column {column}; {expected}.',
    pl: '{where}: nie ma kolumny {column}; {expected}.',
    hint: '',
  },
  column_missing: {
    status: 400,
    en: '{where}: the column {column} is missing; {expected}.',
    pl: '{where}: brakuje kolumny {column}; {expected}.',
    hint: '',
  },
  column_twice: {
    status: 400,
    en: '{where}: the column {column} is there twice; {expected}.',
    pl: '{where}: kolumna {column} występuje dwa razy; {expected}.',
    hint: '',
  },
  no_such_maker: {
    status: 404,
    en: 'There is no maker {maker}: none of {places} has its layout.',
    pl: 'Nie ma producenta {maker}: żaden z katalogów {places} nie ma jego układu pliku.',
    hint: '',
  },
  not_a_maker_name: {
    status: 400,
    en: 'The name of a maker is that of its file: small letters, digits and hyphens.',
    pl: 'Nazwa producenta to nazwa jego pliku: małe litery, cyfry i łączniki.',
    hint: '',
  },
  wrong_maker_layout: {
    status: 422,
    en: '{fault}',
    pl: '{fault}',
    hint: '',
  },
  maker_without_key: {
    status: 409,
    en: 'Maker {maker} has no key to encrypt to yet: two people have to set one.',
    pl: 'Producent {maker} nie ma jeszcze klucza szyfrowania: muszą go ustawić dwie osoby.',
    hint: '',
  },
  wrong_maker_key: {
    status: 422,
    en: 'Maker {maker}: publicKey is no {encryption} key to encrypt to: {why}.',
    pl: 'Producent {maker}: publicKey nie jest kluczem {encryption} do szyfrowania: {why}.',
    hint: '',
  },
} as const satisfies Record<string, RefusalRule>
