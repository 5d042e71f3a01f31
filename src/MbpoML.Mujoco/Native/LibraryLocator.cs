using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>Finds the MuJoCo library of the system, whose name holds the version in most places.</summary>
internal static class LibraryLocator
{
    private const string ByVariable = "Where it lies elsewhere, as in Python's site-packages/mujoco, name its file in the environment variable " +
        MujocoRuntime.LibraryVariable + ".";

    private const string Releases = "https://github.com/google-deepmind/mujoco/releases";

    private const string Framework = "mujoco.framework/Versions/A";

    /// <summary>How to install it on this system.</summary>
    private static string HowToInstall => HowToInstallOn(System) + " " + ByVariable;

    private static OSPlatform System => OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;

    /// <summary>Loads the library from where packages install it.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none; the message says how to install it.</exception>
    public static MujocoLibrary Find() =>
        Find(Candidates(System, AppContext.BaseDirectory, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)));

    /// <summary>Loads the first library that the system can load.</summary>
    /// <param name="candidates">Paths, and names that the system looks up.</param>
    /// <exception cref="PlatformNotSupportedException">There is none, or it cannot be used.</exception>
    internal static MujocoLibrary Find(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
            if ((!Path.IsPathRooted(candidate) || File.Exists(candidate)) && NativeLibrary.TryLoad(candidate, out var handle))
                return MujocoLibrary.Open(handle, candidate);
        throw new PlatformNotSupportedException($"MuJoCo is not installed: no library {Names(System).First()} was found. {HowToInstall}");
    }

    /// <summary>Loads the library that the user named.</summary>
    /// <exception cref="PlatformNotSupportedException">It does not exist, does not load or cannot be used.</exception>
    public static MujocoLibrary Load(string path)
    {
        var file = Path.GetFullPath(path);
        if (!File.Exists(file)) throw new PlatformNotSupportedException($"There is no MuJoCo library {file}. {HowToInstall}");
        try
        {
            return MujocoLibrary.Open(NativeLibrary.Load(file), file);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new PlatformNotSupportedException($"{file} does not load: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Where the library may be, in the order in which it is tried: beside the application, where the system looks, and in the folders of installers.
    /// </summary>
    /// <param name="system">Windows, OSX or Linux.</param>
    /// <param name="application">The application's folder; that of the program that runs it is another where 'dotnet' does.</param>
    /// <param name="home">The user's folder.</param>
    internal static IEnumerable<string> Candidates(OSPlatform system, string application, string home)
    {
        string[] names = [.. Names(system)];
        var candidates = names.Select(name => Path.Join(application, name)).Concat(names);
        if (system != OSPlatform.OSX) return candidates;
        // The system's linker on macOS does not look into Homebrew's folder, nor into an application's.
        string[] folders =
        [
            "/opt/homebrew/lib", "/usr/local/lib", $"/Applications/MuJoCo.app/Contents/Frameworks/{Framework}",
            Path.Join(home, $"Applications/MuJoCo.app/Contents/Frameworks/{Framework}"),
            $"/Library/Frameworks/{Framework}", Path.Join(home, $"Library/Frameworks/{Framework}"), Path.Join(application, Framework),
        ];
        return candidates.Concat(folders.SelectMany(folder => names.Select(name => Path.Join(folder, name))));
    }

    /// <summary>What to do where there is none.</summary>
    internal static string HowToInstallOn(OSPlatform system) => system switch
    {
        _ when system == OSPlatform.Windows =>
            $"Install it: unpack the Windows archive of a release of {Releases}, and put its folder 'bin' on the PATH or mujoco.dll beside the application; " +
                "or 'conda install -c conda-forge libmujoco'.",
        _ when system == OSPlatform.OSX =>
            $"Install it: open the disk image of a release of {Releases} and move MuJoCo.app to Applications; or 'conda install -c conda-forge libmujoco'.",
        _ =>
            "Install it: 'apt-get install libmujoco2.2.2' on Debian 12 and 13 and Ubuntu 24.04 ('apt-cache search libmujoco' names the package of other " +
            "releases), 'conda install -c conda-forge libmujoco', " +
            $"or a release of {Releases}.",
    };

    // Plain first, then the newest release.
    private static IEnumerable<string> Names(OSPlatform system)
    {
        var (plain, versioned) = system == OSPlatform.Windows ? ("mujoco.dll", "mujoco-{0}.dll") : system == OSPlatform.OSX
            ? ("libmujoco.dylib", "libmujoco.{0}.dylib") : ("libmujoco.so", "libmujoco.so.{0}");
        return StructOffsets.KnownReleases.Reverse().Select(release => versioned.Replace("{0}", release, StringComparison.Ordinal)).Prepend(plain);
    }
}
