using System.Runtime.InteropServices;
using MbpoML.Mujoco.Native;
using MbpoML.Tests;

namespace MbpoML.Mujoco.Tests;

/// <summary>A MuJoCo that is missing, is none, is of an unknown version, or is not what its version says.</summary>
[Category("Text")]
public class LibraryTests
{
    [Test]
    public void A_library_that_the_environment_names_but_is_not_there_is_said_with_how_to_install_it()
    {
        var child = Load("/nowhere/libmujoco.so");
        Assert.That(child.Output,
            Does.Contain("/nowhere/libmujoco.so").And.Contain("apt-get install libmujoco2.2.2").And.Contain(MujocoRuntime.LibraryVariable));
        Assert.That(child.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void A_library_that_the_environment_names_is_used()
    {
        var path = Path.GetFullPath(MapsOf("libmujoco"));
        Assert.That(Load(path).Output, Is.EqualTo(MujocoRuntime.Release));
    }

    // The package's own name for it, and that of an archive which somebody unpacked beside the application.
    [TestCase("libmujoco.so")]
    [TestCase("libmujoco.so.2.2.2")]
    public void A_library_beside_the_application_is_used(string name)
    {
        using var folder = new TemporaryFolder();
        File.Copy(MapsOf("libmujoco"), folder[name]);
        Assert.That(LibraryLocator.Find(LibraryLocator.Candidates(OSPlatform.Linux, folder.FullName, "/nobody")).Path, Is.EqualTo(folder[name]));
    }

    // What cannot be loaded here: where the libraries of the other systems are looked for.
    [Test]
    public void Windows_and_macOS_have_their_own_places()
    {
        var windows = LibraryLocator.Candidates(OSPlatform.Windows, "app", "home").ToList();
        Assert.That(windows, Does.Contain(Path.Join("app", "mujoco.dll")).And.Contain("mujoco.dll"));
        Assert.That(windows.IndexOf(Path.Join("app", "mujoco.dll")), Is.Zero, "beside the application comes first");
        string[] mac =
        [
            "app/libmujoco.dylib", "libmujoco.dylib", "libmujoco.3.12.0.dylib", "libmujoco.2.1.1.dylib", "/opt/homebrew/lib/libmujoco.dylib",
            "/opt/homebrew/lib/libmujoco.3.12.0.dylib",
            "/Applications/MuJoCo.app/Contents/Frameworks/mujoco.framework/Versions/A/libmujoco.3.3.7.dylib",
            "home/Applications/MuJoCo.app/Contents/Frameworks/mujoco.framework/Versions/A/libmujoco.3.3.7.dylib",
            "/Library/Frameworks/mujoco.framework/Versions/A/libmujoco.3.3.7.dylib",
        ];
        var candidates = LibraryLocator.Candidates(OSPlatform.OSX, "app", "home").ToList();
        Assert.That(mac.Select(path => candidates.IndexOf(path)), Is.Ordered.And.All.GreaterThanOrEqualTo(0));
        Assert.That(LibraryLocator.HowToInstallOn(OSPlatform.Windows), Does.Contain("mujoco.dll").And.Contain("PATH").And.Not.Contain("apt-get"));
        Assert.That(LibraryLocator.HowToInstallOn(OSPlatform.OSX), Does.Contain("MuJoCo.app").And.Not.Contain("apt-get"));
    }

    [Test]
    public void Where_no_library_is_found_the_message_says_how_to_install_it() =>
        Assert.That(
            () => LibraryLocator.Find(["/nowhere/libmujoco.so", "libmujoco-that-is-not-there.so"]),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains("MuJoCo is not installed").And.Message.Contains("apt-get install")
                .And.Message.Contains(MujocoRuntime.LibraryVariable));

    [Test]
    public void A_library_that_is_no_MuJoCo_is_refused() =>
        Assert.That(() => LibraryLocator.Load(MapsOf("libc.so")),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains("is no MuJoCo library"));

    [Test]
    public void A_file_that_is_no_library_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["libmujoco.so"], "no library");
        Assert.That(() => LibraryLocator.Load(folder["libmujoco.so"]),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains("does not load"));
    }

    [TestCase(999)]
    [TestCase(209)]
    [TestCase(4_000_000)]
    public void A_version_that_is_not_known_is_refused_and_never_guessed(int version) =>
        Assert.That(
            () => MujocoLibrary.OffsetsOf(version, "libmujoco.so"),
            Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains($"version number {version}").And.Message.Contains("2.1.0 to 3.12.0")
                .And.Message.Contains("apt-get install"));

    [TestCase(210, "2.1.0", false)]
    [TestCase(222, "2.2.2", false)]
    [TestCase(340, "3.4.0", false)]
    [TestCase(3_005_000, "3.5.0", true)]
    public void Known_versions_have_their_offsets(int version, string release, bool hasLongSizes)
    {
        var offsets = MujocoLibrary.OffsetsOf(version, "libmujoco.so");
        Assert.That((offsets.Release, offsets.HasLongSizes), Is.EqualTo((release, hasLongSizes)));
        // The pointers to the state follow each other.
        Assert.That((offsets.Velocities - offsets.Positions, offsets.Activations - offsets.Velocities), Is.EqualTo((8, 8)));
        Assert.That(offsets.WarmStart, Is.GreaterThan(offsets.Activations));
    }

    // Other sizes stand between the two from 3.11 on.
    [TestCase(340, 12)]
    [TestCase(3_010_000, 24)]
    [TestCase(3_011_000, 40)]
    [TestCase(3_012_000, 40)]
    public void The_number_of_activations_is_read_where_the_release_has_it(int version, int offset) =>
        Assert.That(MujocoLibrary.OffsetsOf(version, "libmujoco.so").ActivationSize, Is.EqualTo(offset));

    [TestCase(220, null)]
    [TestCase(221, 3088)]
    public void Keyframes_have_controls_from_2_2_1_on(int version, int? offset) =>
        Assert.That(MujocoLibrary.OffsetsOf(version, "libmujoco.so").KeyframeControls, Is.EqualTo(offset));

    [Test]
    public void The_table_is_read_whatever_its_lines_end_with()
    {
        var table = EmbeddedText.Read("StructOffsets.tsv").ReplaceLineEndings("\n");
        var (unix, windows) = (StructOffsets.Parse(table), StructOffsets.Parse(table.ReplaceLineEndings("\r\n")));
        Assert.That(windows.Keys, Is.EqualTo(unix.Keys));
        foreach (var property in typeof(StructOffsets).GetProperties().Where(property => !property.GetMethod!.IsStatic))
            foreach (var (version, offsets) in unix) Assert.That(
                property.GetValue(windows[version]), Is.EqualTo(property.GetValue(offsets)), $"{property.Name} of {version}");
    }

    [Test]
    public void There_are_52_known_releases() => Assert.That(StructOffsets.KnownReleases.Distinct().Count(), Is.EqualTo(52));

    // The library is read as if it were another release: the check finds the first field that is elsewhere.
    [TestCaseSource(nameof(ReleasesElsewhere))]
    public void A_library_whose_structures_are_elsewhere_is_refused(int version) => Assert.That(
        () => MujocoLibrary.Checked(MujocoRuntime.Library.Handle, version, "libmujoco.so"),
        Throws.InstanceOf<PlatformNotSupportedException>().With.Message.Contains("does not work as such").And.Message.Contains("its field"));

    // The nearest releases before and after the installed one whose structures differ from its.
    private static IEnumerable<int> ReleasesElsewhere()
    {
        int[] versions = [.. StructOffsets.Parse(EmbeddedText.Read("StructOffsets.tsv")).Keys.Order()];
        var installed = versions.Single(version => StructOffsets.Find(version)!.Release == MujocoRuntime.Release);
        int[] others = [.. versions.Where(version => version < 1000 == installed < 1000 && !IsAsIn(version, installed))];
        return others.Where(version => version < installed).TakeLast(2).Concat(others.Where(version => version > installed).Take(4));
    }

    private static bool IsAsIn(int version, int other) => typeof(StructOffsets).GetProperties()
        .Where(property => !property.GetMethod!.IsStatic && property.Name != nameof(StructOffsets.Release))
        .All(property => Equals(property.GetValue(StructOffsets.Find(version)), property.GetValue(StructOffsets.Find(other))));

    [Test]
    public void Another_library_comes_too_late()
    {
        MujocoRuntime.EnsureAvailable();
        Assert.That(() => MujocoRuntime.UseLibrary("/nowhere/libmujoco.so"), Throws.InvalidOperationException.With.Message.Contains("too late"));
        Assert.That(() => MujocoRuntime.UseLibrary(" "), Throws.ArgumentException);
    }

    private static ChildProcess Load(string library) =>
        ChildProcess.Dotnet([typeof(LibraryTests).Assembly.Location, "load"],
            environment: new Dictionary<string, string> { [MujocoRuntime.LibraryVariable] = library });

    // Where a library that is loaded lies.
    private static string MapsOf(string name) =>
        File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .First(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal));
}
