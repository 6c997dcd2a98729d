rem Your paths. Not run on our machines.
set "CRMKIT=C:\crmkit\.venv\Scripts\crmkit.exe"
set "CRMKIT_DB=C:\area\crmkit.db"
set "SHEETS=C:\area\sheets"
set "BACKUPS=E:\crmkit"
set "PYTHONUTF8=1"
