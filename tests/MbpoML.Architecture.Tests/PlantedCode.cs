using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace MbpoML.Architecture.Tests;

/// <summary>Code with planted faults, which the analyzers of the packages have to find.</summary>
internal static class PlantedCode
{
    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(Path.Combine(Repository.Output("src", "MbpoML.Tool"), "TorchSharp.dll")).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The code as a library that may use .NET and TorchSharp.</summary>
    public static CSharpCompilation Compile(string code) => CSharpCompilation.Create(
        "Planted", [CSharpSyntaxTree.ParseText(code)], _references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>What an analyzer finds, as rules and lines of the code.</summary>
    /// <param name="code">The code, which must compile.</param>
    /// <param name="package">The analyzer's package, as the project file names it.</param>
    /// <param name="assembly">The file of the analyzer, below the analyzers of its package.</param>
    /// <param name="type">The analyzer.</param>
    /// <param name="texts">The additional files that it reads: name and content.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        string code, string package, string assembly, string type, params (string Name, string Content)[] texts)
    {
        var folder = typeof(PlantedCode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == package).Value!;
        var analyzer = (DiagnosticAnalyzer)Activator.CreateInstance(
            Assembly.LoadFrom(Path.Combine(folder, "analyzers", "dotnet", assembly)).GetType(type, throwOnError: true)!)!;
        var compilation = Compile(code);
        Assert.That(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error), Is.Empty, "the planted code compiles");
        var options = new AnalyzerOptions([.. texts.Select(text => new Text(text.Name, text.Content))]);
        var found = await compilation.WithAnalyzers([analyzer], options).GetAnalyzerDiagnosticsAsync();
        return [.. found.OrderBy(one => one.Location.SourceSpan.Start).Select(one => one.Location.IsInSource
            ? $"{one.Id} {one.Location.SourceTree!.GetText().Lines.GetLineFromPosition(one.Location.SourceSpan.Start)}".Trim() : one.Id)];
    }

    private sealed class Text(string name, string content) : AdditionalText
    {
        public override string Path => name;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content);
    }
}
