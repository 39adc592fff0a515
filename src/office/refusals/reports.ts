import type { RefusalRule } from './rule.ts'

export const REPORT_REFUSALS = {
  no_such_report: {
    status: 404,
    en: 'There is no report {report}.',
    pl: 'Nie ma raportu {report}.',
    hint: 'akart report list shows all',
  },
  reports_preparing: {
    status: 503,
    en: 'Reports are being prepared from older transactions: {left} ids are left.',
    pl: 'Raporty są przygotowywane ze starszych transakcji: zostało {left} identyfikatorów.',
    hint: 'a running akart does it; try again later',
  },
  no_such_day: {
    status: 422,
    en: 'There is no day {day}.',
    pl: 'Nie ma dnia {day}.',
    hint: 'YYYY-MM-DD',
  },
  period_backwards: {
    status: 422,
    en: 'The period begins on {from} and ends before it, on {to}.',
    pl: 'Okres zaczyna się {from}, a kończy wcześniej, {to}.',
    hint: '',
  },
  too_long_for_paper: {
    status: 422,
    en: 'A PDF has at most {most} rows; this report has {rows}.',
    pl: 'PDF ma najwyżej {most} wierszy, a ten raport ma {rows}.',
    hint: 'choose XLSX or CSV, or fewer days or stores',
  },
  files_busy: {
    status: 503,
    en: '{waiting} files are waiting to be made.',
    pl: 'Na utworzenie czeka plików: {waiting}.',
    hint: 'try again in a minute',
  },
  no_such_input: {
    status: 404,
    en: 'Reports have no figure {name}.',
    pl: 'Raporty nie mają wielkości {name}.',
    hint: 'breakage.ISSUE, rate.PLN, network.threshold, account.KIND',
  },
  wrong_input: {
    status: 422,
    en: '{value} is not a valid value of {name}.',
    pl: '{value} nie jest wartością {name}.',
    hint: '',
  },
  no_such_schedule: {
    status: 404,
    en: 'There is no schedule {schedule}.',
    pl: 'Nie ma harmonogramu {schedule}.',
    hint: 'akart report-schedule list shows all',
  },
  wrong_schedule: {
    status: 422,
    en: 'A schedule cannot have this {field}.',
    pl: 'Harmonogram nie może mieć takiej wartości: {field}.',
    hint: '',
  },
  no_failed_run: {
    status: 409,
    en: 'Run {run} has not failed.',
    pl: 'Wykonanie {run} nie zakończyło się niepowodzeniem.',
    hint: 'akart report-schedule list shows those that have',
  },
  no_such_directory: {
    status: 422,
    en: 'The configuration has no directory {directory} for reports.',
    pl: 'W konfiguracji nie ma katalogu {directory} na raporty.',
    hint: 'reports.directories names them',
  },
  no_address: {
    status: 422,
    en: '{address} is not a mail address.',
    pl: '{address} nie jest adresem poczty.',
    hint: '',
  },
  mail_domain_closed: {
    status: 422,
    en: 'Reports are not mailed to {domain}.',
    pl: 'Raportów nie wysyła się do {domain}.',
    hint: 'reports.mailDomains names the domains',
  },
  archive_too_young: {
    status: 422,
    en: 'Transactions stay for {months} months at least.',
    pl: 'Transakcje pozostają co najmniej {months} miesięcy.',
    hint: '',
  },
  archive_is_there: {
    status: 409,
    en: '{file} already exists, and the database does not know it.',
    pl: 'Plik {file} już istnieje, a baza danych go nie zna.',
    hint: 'after a restore put it aside, then run again',
  },
  archive_missing: {
    status: 409,
    en: '{file} is not in the directory of the archive.',
    pl: 'W katalogu archiwum nie ma pliku {file}.',
    hint: '--directory says where the files are',
  },
  archive_damaged: {
    status: 409,
    en: '{file} is not the file that was written.',
    pl: 'Plik {file} nie jest tym, który został zapisany.',
    hint: 'nothing of it was removed any further; bring the file back from a copy',
  },
  folding_busy: {
    status: 409,
    en: 'Another process is folding transactions.',
    pl: 'Inny proces właśnie sumuje transakcje.',
    hint: 'try again',
  },
} as const satisfies Record<string, RefusalRule>
