export {
  exportDialects,
  exportFormats,
  type ExportFormat,
  type ExportSpec,
  type ReadRows,
} from './export-spec.js';
export { contentTypes, writeExport } from './write/write-export.js';
