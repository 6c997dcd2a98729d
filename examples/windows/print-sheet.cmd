@echo off
rem The sheet of the next working day, as PDF and HTML. Not run on our machines.
setlocal
call "%~dp0settings.cmd"
if not exist "%SHEETS%" mkdir "%SHEETS%"
set "DAY="
for /f "tokens=2 delims=:, " %%d in ('"%CRMKIT%" visit sheet --date next --no-mark --format json ^| findstr generated_for') do set "DAY=%%~d"
if not defined DAY exit /b 1
"%CRMKIT%" visit sheet --date %DAY% --no-mark --quiet -o "%SHEETS%\sheet-%DAY%.html"
if errorlevel 4 exit /b %errorlevel%
"%CRMKIT%" visit sheet --date %DAY% --quiet -o "%SHEETS%\sheet-%DAY%.pdf"
if errorlevel 4 exit /b %errorlevel%
exit /b 0
