using System.Runtime.InteropServices;

namespace MbpoML.Mujoco.Native;

/// <summary>Finds the MuJoCo library of the system, whose name holds the version in most places.</summary>
internal static class LibraryLocator
{
    private const string HowToInstall =
        "Install it: 'apt-get install libmujoco2.2.2' on Debian 12 and 13 and Ubuntu 24.04 ('apt-cache search libmujoco' names the package of other releases), 'conda install -c conda-forge libmujoco', " +
        "or a release of https://github.com/google-deepmind/mujoco. Where it lies in a folder of its own, as in Python's site-packages/mujoco, name its file in the environment variable " + MujocoRuntime.LibraryVariable + ".";

    /// <summary>Loads the library by the names under which packages install it.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none; the message says how to install it.</exception>
    public static MujocoLibrary Find()
    {
        foreach (var name in Names())
            if (NativeLibrary.TryLoad(name, out var handle)) return MujocoLibrary.Open(handle, name);
        throw new PlatformNotSupportedException($"MuJoCo is not installed: no library {Names().First()} was found. {HowToInstall}");
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

    private static IEnumerable<string> Names()
    {
        var (plain, versioned) = OperatingSystem.IsWindows() ? ("mujoco.dll", "mujoco-{0}.dll") : OperatingSystem.IsMacOS() ? ("libmujoco.dylib", "libmujoco.{0}.dylib") : ("libmujoco.so", "libmujoco.so.{0}");
        return StructOffsets.KnownReleases.Reverse().Select(release => versioned.Replace("{0}", release, StringComparison.Ordinal)).Prepend(plain);
    }
}
