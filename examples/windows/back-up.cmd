@echo off
rem A checked copy in another place. Not run on our machines.
setlocal
call "%~dp0settings.cmd"
if not exist "%BACKUPS%" mkdir "%BACKUPS%"
for /f %%t in ('powershell -NoProfile -Command "(Get-Date).ToUniversalTime().ToString('yyyyMMddTHHmmssZ')"') do set "STAMP=%%t"
"%CRMKIT%" db backup "%BACKUPS%\crmkit-%STAMP%.db" --quiet
if errorlevel 4 exit /b %errorlevel%
"%CRMKIT%" --db "%BACKUPS%\crmkit-%STAMP%.db" db check
exit /b %errorlevel%
