# Builds the solution and runs all its tests, as test.sh does where there is no bash; further arguments go to `dotnet test`, as in: ./test.ps1 --filter FullyQualifiedName~Numerics
# The last line counts the tests of all projects: "N passed, N failed, N skipped". The exit status is 0 only if tests ran and all of them passed or were skipped.
# MBPOML_TEST_RESULTS names a folder in which the results of each test stay.
# It does not repeat the tests of text in other cultures, which Windows takes from the user's settings.
# MuJoCo is not installed by this script: without it, or MBPOML_MUJOCO that names its library, the MuJoCo tests fail and say why.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('test.ps1: the .NET SDK is missing: install .NET 10 (https://dotnet.microsoft.com/download), then run ./test.ps1 again.')
    exit 1
}

$kept = $env:MBPOML_TEST_RESULTS
$results = Join-Path $(if ($kept) { $kept } else { [IO.Path]::GetTempPath() }) "mbpoml-$([Guid]::NewGuid())"
try {
    & dotnet test MbpoML.sln -c Release --logger trx --results-directory $results @args
    $status = $LASTEXITCODE

    # Each project leaves one .trx; its element <Counters total=".." passed=".." failed=".." .../> counts its tests. What did not execute was skipped.
    $total = 0; $passed = 0; $failed = 0
    foreach ($file in @(Get-ChildItem $results -Filter *.trx -Recurse -ErrorAction SilentlyContinue)) {
        $counters = ([xml](Get-Content $file.FullName -Raw)).TestRun.ResultSummary.Counters
        $total += [int]$counters.total
        $passed += [int]$counters.passed
        $failed += [int]$counters.failed + [int]$counters.error + [int]$counters.timeout + [int]$counters.aborted
    }
}
finally {
    if (-not $kept) { Remove-Item $results -Recurse -Force -ErrorAction SilentlyContinue }
}

# A build that broke, or a test process that died, counts no failed test.
if ($status -eq 0 -and $failed -ne 0) { $status = 1 }
if ($status -eq 0 -and ($passed + $failed) -eq 0) {
    [Console]::Error.WriteLine('test.ps1: no test ran.')
    $status = 1
}
elseif ($status -ne 0 -and $failed -eq 0) {
    [Console]::Error.WriteLine("test.ps1: the build or a test process failed (status $status); see above.")
}

"$passed passed, $failed failed, $($total - $passed - $failed) skipped"
exit $status
