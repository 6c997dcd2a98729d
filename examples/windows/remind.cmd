@echo off
rem What is late or waits, into a file on the desktop; no file when nothing does. Not run on our machines.
setlocal
call "%~dp0settings.cmd"
set "NOTE=%USERPROFILE%\Desktop\crmkit.txt"
if exist "%NOTE%" del "%NOTE%"
"%CRMKIT%" remind -o "%NOTE%"
if errorlevel 4 exit /b %errorlevel%
exit /b 0
