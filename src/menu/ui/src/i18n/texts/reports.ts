import { pairs } from '../pair.ts'

export const reports = pairs({
  'nav.figures': ['Figures', 'Liczby'],
  'page.reports': ['Reports', 'Raporty'],
  'reports.lead': [
    'Every figure follows from transfers, of one instant; what it means stands with it.',
    'Każda liczba wynika z transferów z jednej chwili; jej znaczenie stoi obok niej.',
  ],
  'reports.definition': ['Definition {n}', 'Definicja {n}'],
  'reports.exact': ['Exact as of {time}: {rows} transfers', 'Dokładne na chwilę {time}: transferów {rows}'],
  'reports.asOf': ['As of', 'Na dzień'],
  'reports.total': ['Total', 'Razem'],
  'reports.matrix': ['From where to where', 'Skąd dokąd'],
  'reports.origin': ['Origin', 'Pochodzenie'],
  'reports.spentIn': ['Spent in', 'Wydane w'],
  'reports.amount': ['Amount', 'Kwota'],
  'reports.files': ['Files', 'Pliki'],
  'reports.csvPolish': ['CSV for Polish Excel', 'CSV dla polskiego Excela'],
  'reports.csvOld': ['CSV in Windows-1250', 'CSV w Windows-1250'],
  'reports.chart': ['Chart', 'Wykres'],
  'reports.chartOf': ['{value} by {by}, {currency}', '{value} według: {by}, {currency}'],
  'reports.undoings': ['Undoings', 'Cofnięcia'],
  'reports.onTheirDay': ['On their own day', 'W ich własnym dniu'],
  'reports.onOriginalDay': ['On the day of what they undo', 'W dniu tego, co cofają'],
  'reports.none': ['Nothing happened', 'Nic się nie wydarzyło'],
  'reports.noneText': [
    'There is nothing to report with this filter. Widen the period or take out a store or an issue.',
    'Przy tym filtrze nie ma czego pokazać. Rozszerz okres albo usuń sklep lub emisję.',
  ],
})
