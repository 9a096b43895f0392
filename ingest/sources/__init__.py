"""Where sheets come from: CSV and XLSX files, Google Sheets. Each yields the same `Sheet`."""
