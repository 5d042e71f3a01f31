using System.Text.Json;

namespace MbpoML.Tests.Packaging;

/// <summary>What the one property TorchBackend selects, evaluated without restoring anything: not every package source has the CUDA packages.</summary>
public class TorchBackendTests
{
    private static readonly string Application = Repository.At("tests", "MbpoML.Tests", "MbpoML.Tests.csproj");
    private static readonly string Library = Repository.At("src", "MbpoML", "MbpoML.csproj");

    [TestCase("-nologo", "TorchSharp-cpu", TestName = "The CPU is the default")]
    [TestCase("-p:TorchBackend=cpu", "TorchSharp-cpu", TestName = "cpu selects TorchSharp-cpu alone")]
    [TestCase("-p:TorchBackend=cuda-linux", "TorchSharp-cuda-linux", TestName = "cuda-linux selects TorchSharp-cuda-linux alone")]
    [TestCase("-p:TorchBackend=cuda-windows", "TorchSharp-cuda-windows", TestName = "cuda-windows selects TorchSharp-cuda-windows alone")]
    public void The_property_selects_the_package(string argument, string package) =>
        Assert.That(Packages(Application, argument).Where(name => name.StartsWith("TorchSharp", StringComparison.Ordinal)), Is.EqualTo(new[] { package }));

    [Test]
    public void None_takes_no_package_for_the_folder_that_a_variable_names() =>
        Assert.That(Packages(Application, "-p:TorchBackend=none").Where(name => name.StartsWith("TorchSharp", StringComparison.Ordinal)), Is.Empty);

    [TestCase("cpu")]
    [TestCase("cuda-linux")]
    [TestCase("cuda-windows")]
    public void The_library_takes_no_backend(string backend) =>
        Assert.That(Packages(Library, $"-p:TorchBackend={backend}").Where(name => name.StartsWith("TorchSharp", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "TorchSharp" }));

    [TestCase("Restore")]
    [TestCase("Build")]
    public void An_unknown_backend_stops_the_build_and_the_error_lists_the_known_ones(string target)
    {
        var child = ChildProcess.Dotnet(["msbuild", Library, $"-t:{target}", "-p:TorchBackend=tpu", "-nodeReuse:false"]);
        Assert.Multiple(() =>
        {
            Assert.That(child.ExitCode, Is.Not.Zero);
            Assert.That(child.Output, Does.Contain("TorchBackend is 'tpu', but must be 'cpu' (the default), 'cuda-linux', 'cuda-windows' or 'none'"));
        });
    }

    private static List<string> Packages(string project, string argument)
    {
        // MSBuild takes environment variables for properties: the one that may have chosen the backend of this very run must not count.
        var child = ChildProcess.Dotnet(
            ["msbuild", project, "-getItem:PackageReference", argument], environment: new Dictionary<string, string> { ["TorchBackend"] = "" });
        Assert.That(child.ExitCode, Is.Zero, child.Output + child.Errors);
        using var document = JsonDocument.Parse(child.Output);
        return [.. document.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
