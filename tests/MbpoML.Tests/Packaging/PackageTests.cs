using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MbpoML.Tests.Packaging;

public partial class PackageTests
{
    // Packing takes seconds, and most tests only look: each project is packed once for each set of arguments.
    private readonly TemporaryFolder packages = new();
    private readonly Dictionary<string, string> packed = [];

    [OneTimeTearDown]
    public void DeletePackages() => packages.Dispose();

    [TestCase("MbpoML", "T:MbpoML.Numerics.Torch.TorchRuntime", "README.md")]
    [TestCase("MbpoML.Mujoco", "T:MbpoML.Mujoco.MujocoTask", "README.md")]
    [TestCase("MbpoML.Experiments", "T:MbpoML.Experiments.RunFolder", "README.md")]
    [TestCase("MbpoML.Plotting", "T:MbpoML.Plotting.LearningCurvePlot", "README.md", "Fonts/LICENSE.txt")]
    [TestCase("MbpoML.Dashboard", "T:MbpoML.Dashboard.DashboardServer", "README.md", "uPlot/LICENSE.txt")]
    [TestCase("MbpoML.Orleans", "T:MbpoML.Orleans.ClusterStudy", "README.md")]
    [TestCase("MbpoML.Datasets", "T:MbpoML.Datasets.LogFile", "README.md")]
    public void A_package_carries_readme_licence_documentation_and_symbols(string id, string documented, params string[] files)
    {
        var (package, symbols) = Pack(id);
        using (package)
        using (symbols)
        {
            var specification = Specification(package, id);
            Assert.Multiple(() =>
            {
                Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf((string[])[.. files, $"lib/net10.0/{id}.dll"]));
                Assert.That(symbols.Entries.Select(entry => entry.FullName), Does.Contain($"lib/net10.0/{id}.pdb"));
                Assert.That(Value(specification, "readme"), Is.EqualTo("README.md"));
                Assert.That(Value(specification, "license"), Is.EqualTo("MIT"));
                Assert.That(Value(specification, "description"), Is.Not.Empty.And.Not.EqualTo("Package Description"));
                Assert.That(Value(specification, "tags"), Does.Contain("reinforcement-learning"));
            });

            using var documentation = package.GetEntry($"lib/net10.0/{id}.xml")!.Open();
            Assert.That(XDocument.Load(documentation).Descendants("member").Select(member => (string?)member.Attribute("name")), Does.Contain(documented));
        }
    }

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets")]
    public void A_package_depends_on_what_its_project_names_and_on_no_pin(string id)
    {
        var (package, symbols) = Pack(id);
        symbols.Dispose();
        using (package)
        {
            var project = XDocument.Load(Repository.At("src", id, $"{id}.csproj"));
            var named = project.Descendants("PackageReference").Where(element => element.Attribute("PrivateAssets") is null)
                .Select(element => element.Attribute("Include")!.Value)
                .Concat(project.Descendants("ProjectReference").Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value)));
            Assert.That(Dependencies(package, id), Is.EquivalentTo(named));
        }
    }

    [TestCase("", "", false)]
    [TestCase("-p:RepositoryUrl=https://example.org/someone/MbpoML.git", "https://example.org/someone/MbpoML", true)]
    public void The_readme_of_a_package_has_no_relative_link(string argument, string address, bool withImages)
    {
        var (package, symbols) = Pack("MbpoML", argument);
        symbols.Dispose();
        using (package)
        {
            using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
            var text = reader.ReadToEnd();
            var original = File.ReadAllText(Repository.At("README.md"));
            Assert.Multiple(() =>
            {
                Assert.That(Links().Matches(text).Select(match => match.Groups[1].Value), Has.All.StartsWith("https://"));
                Assert.That(text, Does.Contain("getting started").And.Contain(CodeBlock().Match(original).Value), "what is no link stays as it is");
                if (!withImages) Assert.That(text, Does.Not.Contain("!["));
                else Assert.That(text, Does.Match($@"\[getting started\]\({address}/blob/[0-9a-f]{{40}}/docs/getting-started\.md\)")
                    .And.Match($@"!\[[^\]]+\]\({address}/raw/[0-9a-f]{{40}}/docs/images/"));
                Assert.That(Specification(package, "MbpoML").Descendants().Single(element => element.Name.LocalName == "repository").Attribute("url")?.Value,
                    Is.EqualTo(withImages ? address + ".git" : null));
            });
        }
    }

    [TestCase("MbpoML", "MbpoML.Training")]
    [TestCase("MbpoML.Mujoco", "MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting", "MbpoML.Plotting")]
    [TestCase("MbpoML.Dashboard", "MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans", "MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets", "MbpoML.Datasets")]
    public void The_usings_of_a_package_are_those_of_its_own_types_and_can_be_declined(string id, string everyday)
    {
        using var folder = new TemporaryFolder();
        var (package, symbols) = Pack(id);
        symbols.Dispose();
        using (package) package.GetEntry($"buildTransitive/{id}.props")!.ExtractToFile(folder["package.props"]);
        Assert.Multiple(() =>
        {
            Assert.That(Usings(folder, "<ImplicitUsings>enable</ImplicitUsings>"), Does.Contain(everyday));
            Assert.That(Usings(folder, ""), Is.Empty);
            Assert.That(Usings(folder, "<ImplicitUsings>enable</ImplicitUsings><MbpoMLImplicitUsings>false</MbpoMLImplicitUsings>"), Is.Empty);
        });
    }

    [TestCase("-p:PublishTrimmed=true", "", false)]
    [TestCase("-p:PublishAot=true", "", false)]
    [TestCase("-p:PublishAot=true", "-p:MbpoMLAllowTrimming=true", true)]
    [TestCase("-p:PublishSingleFile=true", "", true)]
    public void To_publish_a_trimmed_program_is_an_error_that_says_what_can_be_done(string argument, string more, bool allowed)
    {
        string[] build = ["msbuild", Repository.At("src", "MbpoML", "MbpoML.csproj"), "-t:RefuseTrimmingOfMbpoML", "-nodeReuse:false",
            "-p:_IsPublishing=true", argument];
        var child = ChildProcess.Dotnet(more.Length > 0 ? [.. build, more] : build);
        Assert.That(child.Output, allowed ? Does.Not.Contain("MBPOML001") : Does.Contain("error MBPOML001").And.Contain("ONNX Runtime alone"));
    }

    [Test]
    public void What_is_packed_has_no_path_of_the_machine_that_built_it()
    {
        var child = ChildProcess.Dotnet(
            ["msbuild", Repository.At("src", "MbpoML", "MbpoML.csproj"), "-getProperty:ContinuousIntegrationBuild", "-p:_IsPacking=true", "-nodeReuse:false"]);
        Assert.That(child.Output.Trim(), Is.EqualTo("true"), child.Errors);
    }

    [Test]
    public void The_library_asks_for_TorchSharp_and_leaves_the_backend_to_the_application()
    {
        var (package, symbols) = Pack("MbpoML");
        symbols.Dispose();
        using (package)
        {
            var dependencies = Dependencies(package, "MbpoML");
            Assert.That(dependencies, Does.Contain("TorchSharp").And.Contain("Microsoft.ML"));
            Assert.That(dependencies, Has.None.StartsWith("TorchSharp-").And.None.StartsWith("libtorch"));
        }
    }

    private static List<string> Dependencies(ZipArchive package, string id) =>
        [.. Specification(package, id).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => element.Attribute("id")!.Value)];

    // A project that imports what the package brings, without the SDK's own usings.
    private static string[] Usings(TemporaryFolder folder, string properties)
    {
        File.WriteAllText(folder["application.proj"], $"<Project><Import Project=\"package.props\" /><PropertyGroup>{properties}</PropertyGroup></Project>");
        var child = ChildProcess.Dotnet(["msbuild", folder["application.proj"], "-getItem:Using", "-nodeReuse:false"]);
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        using var document = JsonDocument.Parse(child.Output);
        return [.. document.RootElement.GetProperty("Items").GetProperty("Using").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private (ZipArchive Package, ZipArchive Symbols) Pack(string id, string argument = "")
    {
        if (!packed.TryGetValue(id + argument, out var folder))
        {
            folder = packages[packed.Count.ToString(CultureInfo.InvariantCulture)];
            string[] pack = ["pack", Repository.At("src", id, $"{id}.csproj"), "--no-build", "-c", Repository.Configuration, "-o", folder, "-nodeReuse:false"];
            var child = ChildProcess.Dotnet(argument.Length > 0 ? [.. pack, argument] : pack);
            Assert.That(child.ExitCode, Is.Zero, child.Output);
            packed[id + argument] = folder;
        }

        return (ZipFile.OpenRead(Directory.GetFiles(folder, "*.nupkg").Single()), ZipFile.OpenRead(Directory.GetFiles(folder, "*.snupkg").Single()));
    }

    private static XDocument Specification(ZipArchive package, string id)
    {
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(stream);
    }

    private static string? Value(XDocument specification, string name) =>
        specification.Descendants().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^```csharp.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
