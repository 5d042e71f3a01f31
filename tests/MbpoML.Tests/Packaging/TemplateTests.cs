using System.Xml.Linq;
using MbpoML.Tests.Documentation;

namespace MbpoML.Tests.Packaging;

/// <summary>What <c>dotnet new mbpoml-environment</c> writes.</summary>
public class TemplateTests
{
    [Test]
    public void A_new_project_compiles_and_names_the_packages()
    {
        using var folder = new TemporaryFolder();
        New(folder, "install", Repository.At("src", "MbpoML.Templates", "content", "environment"));
        New(folder, "mbpoml-environment", "-o", folder["TankLevel"], "--packages", "../packages", "--torch", "cuda-linux");

        var project = XDocument.Load(folder["TankLevel", "TankLevel.csproj"]);
        var references = project.Descendants("PackageReference")
            .Select(element => $"{element.Attribute("Include")!.Value} {element.Attribute("Version")!.Value}");
        var program = Directory.GetFiles(folder["TankLevel"], "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFiles(folder["TankLevel"]).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "Program.cs", "TankLevel.csproj", "TankLevelEnvironment.cs" }));
            Assert.That(references, Is.EqualTo(new[] { $"MbpoML {Property("VersionPrefix")}", $"TorchSharp-cuda-linux {Pinned("TorchSharp-cuda-linux")}" }));
            Assert.That(project.Descendants("RestoreAdditionalProjectSources").Single().Value, Is.EqualTo("../packages"));
            Assert.That(SnippetCompiler.ProgramErrors(program), Is.Empty);
            Assert.That(string.Concat(program), Does.Contain("namespace TankLevel;").And.Not.Contain("MyTask"));
        });
    }

    [Test]
    public void The_guide_s_project_and_the_template_name_the_same_packages()
    {
        var template = XDocument.Load(Repository.At("src", "MbpoML.Templates", "content", "environment", "MyTask.csproj"));
        var versions = template.Descendants("PackageReference").Select(element => $"Version=\"{element.Attribute("Version")!.Value}\"");
        Assert.That(versions, Has.All.Matches<string>(version => Page.Named("getting-started.md").Text.Contains(version, StringComparison.Ordinal)));
    }

    // A home of its own: the templates of whoever runs the tests stay as they are.
    private static void New(TemporaryFolder folder, params string[] arguments)
    {
        var child = ChildProcess.Dotnet(["new", .. arguments, "--debug:custom-hive", folder["hive"]]);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
    }

    private static string Property(string name) => XDocument.Load(Repository.At("Directory.Build.props")).Descendants(name).Single().Value;

    private static string Pinned(string package) => XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
        .Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
}
