using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MbpoML.Tests.Documentation;

/// <summary>Compiles a block of the documentation as a project would that references the packages and has ImplicitUsings.</summary>
internal static class SnippetCompiler
{
    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    // They would bring the web framework and Orleans into this process, so that they are only read.
    private static readonly IEnumerable<string> OnlyRead = new[] { "MbpoML.Dashboard", "MbpoML.Orleans" }.Select(id => Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "MbpoML.Tests"), Path.Combine("src", id), StringComparison.Ordinal), $"{id}.dll"));

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Concat(OnlyRead)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // The .NET SDK's own list.
    private static readonly string[] SdkUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    /// <summary>The usings that come with the packages of the library and of MuJoCo's tasks.</summary>
    public static IReadOnlyList<string> PackageUsings { get; } =
    [
        .. new[] { "MbpoML", "MbpoML.Mujoco" }.SelectMany(id => XDocument.Load(Repository.At("src", id, "buildTransitive", $"{id}.props")).Descendants("Using"))
            .Select(element => element.Attribute("Include")!.Value),
    ];

    /// <summary>What the compiler says against a block; nothing where it compiles.</summary>
    public static IReadOnlyList<string> Errors(Snippet snippet) => Errors([Wrap(snippet)], OutputKind.DynamicallyLinkedLibrary);

    /// <summary>What the compiler says against the files of a program; nothing where it compiles.</summary>
    public static IReadOnlyList<string> ProgramErrors(IEnumerable<string> files) => Errors(files, OutputKind.ConsoleApplication);

    private static IReadOnlyList<string> Errors(IEnumerable<string> files, OutputKind kind)
    {
        var globals = string.Concat(SdkUsings.Concat(PackageUsings).Select(name => $"global using {name};\n"));
        var trees = files.Prepend(globals).Select(text => CSharpSyntaxTree.ParseText(text, Options));
        var compilation = CSharpCompilation.Create(
            "Snippet", trees, References, new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString())];
    }

    // Blocks are compiled and never run. What is given are fields of a base class, so that a block may declare the same name itself.
    private static string Wrap(Snippet snippet)
    {
        var code = snippet.Code.Replace("{ ... }", "{ throw null!; }", StringComparison.Ordinal);
        var unit = CSharpSyntaxTree.ParseText(code, Options).GetCompilationUnitRoot();
        var types = unit.Members.OfType<BaseTypeDeclarationSyntax>().ToList();
        var rest = string.Concat(unit.Members.Except(types).Select(member => member.ToFullString()));
        var body = unit.Members.Except(types).All(member => member is GlobalStatementSyntax)
            ? $"async Task Run() {{ {rest} await Task.CompletedTask; }}" : rest;
        return $$"""
            {{string.Concat(unit.Usings.Select(directive => directive.ToFullString()))}}
            class Always
            {
                public static MLContext mlContext = null!;
                public static ReinforcementCatalog rl = null!;
                public class AnyEnvironment : IEnvironment
                {
                    public BoxSpace ObservationSpace => throw null!;
                    public BoxSpace ActionSpace => throw null!;
                    public void Reset(int seed, Span<double> observation) => throw null!;
                    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => throw null!;
                }
            }
            class Given : Always { {{Members(snippet.Given)}} }
            class Block : Given { {{body}} }
            {{string.Concat(types.Select(type => type.ToFullString()))}}
            """;
    }

    private static string Members(string given)
    {
        var root = CSharpSyntaxTree.ParseText($"class Given {{ {given} }}", Options).GetCompilationUnitRoot();
        return string.Join('\n', root.Members.OfType<ClassDeclarationSyntax>().Single().Members
            .Select(member => member is FieldDeclarationSyntax field ? $"public static {field.Declaration} = default!;" : $"public {member}"));
    }
}
