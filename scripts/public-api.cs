// Writes the public members of every package into its PublicAPI files: dotnet run scripts/public-api.cs
// The declared members then are those that the sources have, and the diff of the files shows what changed. Add "-- ship" at a release, when the unshipped
// members become shipped ones.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

const string Header = "#nullable enable";
const string Removed = "*REMOVED*";

var packages = Directory.GetFiles(
    Path.Combine(Root(), "src"), "PublicAPI.Unshipped.txt", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
    .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal);
foreach (var package in packages)
{
    var (shipped, unshipped) = (Path.Combine(package, "PublicAPI.Shipped.txt"), Path.Combine(package, "PublicAPI.Unshipped.txt"));
    if (args is ["ship"]) Ship(shipped, unshipped);
    else if (!Update(package, shipped, unshipped)) return 1;
}

return 0;

// The analyzer itself says what is missing once nothing is declared as unshipped: RS0016 names what the code has, RS0017 what it no longer has.
static bool Update(string package, string shipped, string unshipped)
{
    var before = File.ReadAllLines(unshipped);
    Write(unshipped, []);
    var log = Path.Combine(package, "obj", "public-api.sarif");
    // A checkout that was never built has no such folder.
    Directory.CreateDirectory(Path.GetDirectoryName(log)!);
    File.Delete(log);
    var build = Process.Start(
        "dotnet", ["build", package, "-c", "Release", "-v", "q", "-nologo", "-clp:ErrorsOnly;NoSummary", "-p:TreatWarningsAsErrors=false",
            "-p:ErrorLog=obj/public-api.sarif"]);
    build.WaitForExit();
    if (build.ExitCode != 0 || !File.Exists(log))
    {
        Write(unshipped, before.Where(line => line != Header));
        Console.Error.WriteLine($"{Path.GetFileName(package)} does not build (see above); its PublicAPI files are as they were.");
        return false;
    }

    using var found = JsonDocument.Parse(File.ReadAllText(log));
    var results = found.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().ToList();
    var added = results.Where(result => RuleOf(result) == "RS0016")
        .Select(result => result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString()!);
    var declared = File.ReadAllLines(shipped);
    var removed = results.Where(result => RuleOf(result) == "RS0017").Select(result => Removed + declared[LineOf(result) - 1]);
    string[] lines = [.. added.Concat(removed).Distinct().Order(StringComparer.Ordinal)];
    Write(unshipped, lines);
    Console.WriteLine(
        $"{Path.GetFileName(package)}: {lines.Except(before).Count()} members new in the file, {before.Except(lines).Count(line => line != Header)} gone " +
            $"from it, {lines.Length} unshipped.");
    return true;
}

static void Ship(string shipped, string unshipped)
{
    var (old, next) = (File.ReadAllLines(shipped), File.ReadAllLines(unshipped));
    var gone = next.Where(line => line.StartsWith(Removed, StringComparison.Ordinal)).Select(line => line[Removed.Length..]);
    Write(shipped, old.Except(gone).Concat(next.Where(line => !line.StartsWith(Removed, StringComparison.Ordinal))).Where(line => line != Header).Distinct()
        .Order(StringComparer.Ordinal));
    Write(unshipped, []);
}

static string? RuleOf(JsonElement result) => result.GetProperty("ruleId").GetString();

static int LineOf(JsonElement result) => result.GetProperty("locations")[0].GetProperty("resultFile").GetProperty("region").GetProperty("startLine").GetInt32();

static void Write(string file, IEnumerable<string> lines) => File.WriteAllText(file, string.Join('\n', lines.Prepend(Header)) + "\n");

static string Root([CallerFilePath] string script = "") => Path.GetDirectoryName(Path.GetDirectoryName(script))!;
