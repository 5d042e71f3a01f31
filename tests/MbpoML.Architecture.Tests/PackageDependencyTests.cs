namespace MbpoML.Architecture.Tests;

public class PackageDependencyTests
{
    private static readonly string[] _plots = ["ScottPlot", "SkiaSharp", "HarfBuzzSharp", "Magick", "MbpoML.Plotting"];
    private static readonly string[] _consoles = ["Spectre", "System.CommandLine"];
    private static readonly string[] _upper = ["MbpoML.Mujoco", "MbpoML.Experiments", "MbpoML.Dashboard", "MbpoML.Datasets", "MbpoML.Orleans", "mbpo"];
    private static readonly string[] _files = ["PureHDF", "Parquet", "NCalc", "Sep"];

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco", "MbpoML")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments", "MbpoML")]
    [TestCase("MbpoML.Dashboard", "MbpoML", "MbpoML.Experiments")]
    [TestCase("MbpoML.Orleans", "MbpoML", "MbpoML.Experiments")]
    [TestCase("MbpoML.Datasets", "MbpoML")]
    [TestCase("MbpoML.Tool", "MbpoML", "MbpoML.Dashboard", "MbpoML.Datasets", "MbpoML.Experiments", "MbpoML.Mujoco", "MbpoML.Orleans", "MbpoML.Plotting")]
    public void A_package_knows_only_the_packages_below_it(string package, params string[] below)
    {
        var known = Built.Graph(package).Assemblies.Concat(Built.Named(package))
            .Where(name => name == "mbpo" || name == "MbpoML" || name.StartsWith("MbpoML.", StringComparison.Ordinal));
        Assert.That(known.Distinct(), Is.SubsetOf(below));
    }

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets")]
    public void A_package_without_pictures_knows_no_library_for_them(string package) => Assert.That(Forbidden(package, _plots), Is.Empty);

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard")]
    [TestCase("MbpoML.Orleans")]
    [TestCase("MbpoML.Datasets")]
    public void Only_the_tool_knows_a_console_library(string package) => Assert.That(Forbidden(package, _consoles), Is.Empty);

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Mujoco")]
    [TestCase("MbpoML.Plotting")]
    [TestCase("MbpoML.Experiments")]
    [TestCase("MbpoML.Dashboard")]
    public void Only_the_datasets_know_libraries_for_files_of_others(string package) => Assert.That(Forbidden(package, _files), Is.Empty);

    [TestCase("MbpoML")]
    [TestCase("MbpoML.Plotting")]
    public void The_lower_packages_know_neither_MuJoCo_nor_experiments(string package) => Assert.That(Forbidden(package, _upper), Is.Empty);

    // The same rules on packages that do use what is forbidden to others: they find it there.
    [Test]
    public void The_rules_find_the_libraries_where_they_are_used() =>
        Assert.Multiple(() =>
        {
            Assert.That(Forbidden("MbpoML.Plotting", _plots), Does.Contain("ScottPlot"));
            Assert.That(Forbidden("MbpoML.Datasets", _files), Is.SupersetOf((string[])["PureHDF", "Parquet"]));
            Assert.That(Forbidden("MbpoML.Tool", _consoles), Is.SupersetOf((string[])["Spectre.Console", "System.CommandLine"]));
            Assert.That(Forbidden("MbpoML.Tool", _upper), Is.SupersetOf((string[])["MbpoML.Mujoco", "MbpoML.Experiments"]));
        });

    [TestCase("MbpoML", "MbpoML.Tests", "MbpoML.Benchmarks", "MbpoML.Fuzzing", "MbpoML.Mujoco.Tests", "MbpoML.Offline.Tests")]
    [TestCase("MbpoML.Mujoco", "MbpoML.Mujoco.Tests", "MbpoML.Benchmarks")]
    [TestCase("MbpoML.Plotting", "MbpoML.Plotting.Tests", "MbpoML.Benchmarks")]
    [TestCase("MbpoML.Experiments", "MbpoML.Experiments.Tests")]
    [TestCase("MbpoML.Dashboard", "MbpoML.Dashboard.Tests")]
    [TestCase("MbpoML.Orleans", "MbpoML.Orleans.Tests")]
    [TestCase("MbpoML.Datasets", "MbpoML.Datasets.Tests")]
    [TestCase("MbpoML.Tool", "MbpoML.Tool.Tests")]
    public void Only_tests_and_benchmarks_see_internals(string package, params string[] friends) =>
        Assert.That(Built.Friends(package), Is.EquivalentTo(friends));

    private static IEnumerable<string> Forbidden(string package, string[] names) =>
        Built.Graph(package).Assemblies.Concat(Built.Named(package)).Distinct()
            .Where(known => names.Any(
                name => known == name || known.StartsWith(name + ".", StringComparison.Ordinal) || known.StartsWith(name + "-", StringComparison.Ordinal)));
}
