namespace MbpoML.Architecture.Tests;

/// <summary>Who calls a public member reads in the editor what each parameter is.</summary>
public class ParameterDocTests
{
    private const string Summary = "/// <summary>Text.</summary>\n";
    private const string Param = "/// <param name=\"a\">Text.</param>\n";
    private const string Empty = "/// <param name=\"a\"></param>\n";
    private const string TypeParam = "/// <typeparam name=\"T\">Text.</typeparam>\n";

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets")]
    public void Every_parameter_of_a_public_member_is_explained(string package)
    {
        using var assembly = File.OpenRead(Built.Assembly(package));
        using var documentation = File.OpenRead(Path.ChangeExtension(Built.Assembly(package), ".xml"));
        var missing = ParameterDocs.Missing(assembly, documentation);
        Assert.That(missing, Is.Empty, string.Join('\n', missing));
    }

    [TestCase($"public class P {{ {Summary} public void M(int a) {{ }} }}", "M:P.M(System.Int32): a")]
    [TestCase($"public class P {{ {Summary}{Param} public void M(int a, int b) {{ }} }}", "M:P.M(System.Int32,System.Int32): b")]
    [TestCase($"public class P {{ {Empty} public void M(int a) {{ }} }}", "M:P.M(System.Int32): a")]
    [TestCase("public class P { public void M(int a) { } }", "M:P.M(System.Int32): a")]
    [TestCase("public class P { public P(int a) { } }", "M:P.#ctor(System.Int32): a")]
    [TestCase("public class P { protected virtual void M(int a) { } }", "M:P.M(System.Int32): a")]
    [TestCase($"public class P {{ {Param} public void M<T>(T a) {{ }} }}", "M:P.M``1(``0): T")]
    [TestCase("public interface P { void M(int a); }", "M:P.M(System.Int32): a")]
    [TestCase("public class P { public int this[int a] => a; }", "P:P.Item(System.Int32): a")]
    [TestCase("public class P { public class N { public void M(int a) { } } }", "M:P.N.M(System.Int32): a")]
    [TestCase("public delegate void P(int a);", "T:P: a")]
    [TestCase("public record P(int a);", "M:P.#ctor(System.Int32): a")]
    [TestCase($"{Summary}public record P<T>(T A);", "M:P`1.#ctor(`0): A\nT:P`1: T")]
    public void A_parameter_that_is_not_explained_is_named(string code, string missing) => Assert.That(Missing(code), Is.EqualTo(missing));

    [TestCase($"public class P {{ {Param} public void M(int a) {{ }} }}")]
    [TestCase($"public class P {{ {Param}{TypeParam} public void M<T>(T a) {{ }} }}")]
    [TestCase($"{Param}public delegate void P(int a);")]
    [TestCase($"{Param}public record P(int a);")]
    [TestCase($"{Param}public class P(int a) {{ public int A {{ get; }} = a; }}")]
    [TestCase("public class P : System.IDisposable { /// <inheritdoc/>\n protected virtual void M(int a) { } \n public void Dispose() { } }")]
    [TestCase("public class P { internal void M(int a) { } void N(int a) { } }")]
    [TestCase("class P { public void M(int a) { } }")]
    [TestCase("public enum P { A, B }")]
    [TestCase("public record struct P { public int A { get; set; } }")]
    public void What_is_explained_or_not_public_is_left_alone(string code) => Assert.That(Missing(code), Is.Empty);

    private static string Missing(string code)
    {
        using var assembly = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = PlantedCode.Compile(code).Emit(assembly, xmlDocumentationStream: documentation);
        Assert.That(result.Success, Is.True, string.Join('\n', result.Diagnostics));
        (assembly.Position, documentation.Position) = (0, 0);
        return string.Join('\n', ParameterDocs.Missing(assembly, documentation));
    }
}
