using System.IO.Compression;
using System.Xml.Linq;

namespace MbpoML.Tests.Packaging;

public class PackageTests
{
    [TestCase("MbpoML", "T:MbpoML.Numerics.TorchRuntime", "README.md")]
    [TestCase("MbpoML.Mujoco", "T:MbpoML.Mujoco.MujocoTask", "README.md")]
    [TestCase("MbpoML.Experiments", "T:MbpoML.Experiments.RunFolder", "README.md")]
    [TestCase("MbpoML.Plotting", "T:MbpoML.Plotting.LearningCurvePlot", "README.md", "Fonts/LICENSE.txt")]
    public void A_package_carries_readme_licence_documentation_and_symbols(string id, string documented, params string[] files)
    {
        using var folder = new TemporaryFolder();
        var (package, symbols) = Pack(id, folder);
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

    [Test]
    public void The_library_asks_for_TorchSharp_and_leaves_the_backend_to_the_application()
    {
        using var folder = new TemporaryFolder();
        var (package, symbols) = Pack("MbpoML", folder);
        symbols.Dispose();
        using (package)
        {
            var dependencies = Specification(package, "MbpoML").Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string?)element.Attribute("id")).ToList();
            Assert.That(dependencies, Does.Contain("TorchSharp").And.Contain("Microsoft.ML"));
            Assert.That(dependencies, Has.None.StartsWith("TorchSharp-").And.None.StartsWith("libtorch"));
        }
    }

    private static (ZipArchive Package, ZipArchive Symbols) Pack(string id, TemporaryFolder folder)
    {
        var child = ChildProcess.Dotnet(["pack", Repository.At("src", id, $"{id}.csproj"), "--no-build", "-c", Repository.Configuration, "-o", folder.FullName, "-nodeReuse:false"]);
        Assert.That(child.ExitCode, Is.Zero, child.Output);
        return (ZipFile.OpenRead(Directory.GetFiles(folder.FullName, "*.nupkg").Single()), ZipFile.OpenRead(Directory.GetFiles(folder.FullName, "*.snupkg").Single()));
    }

    private static XDocument Specification(ZipArchive package, string id)
    {
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(stream);
    }

    private static string? Value(XDocument specification, string name) => specification.Descendants().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
}
