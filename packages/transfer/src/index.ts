export {
  exportDialects,
  exportFormats,
  type ExportFormat,
  type ExportSpec,
  type ReadRows,
} from './export-spec.js';
export { contentTypes, writeExport } from './write/write-export.js';
export { importRow, type ImportOptions, type ImportRow } from './import-row.js';
export { formatOf, readImport } from './read/read-import.js';
export type { Chunks } from './read/lines.js';
