using MbpoML.Mujoco.Native;

namespace MbpoML.Mujoco;

/// <summary>The MuJoCo library of this process. It is loaded once, with the first task or model; MbpoML ships none.</summary>
/// <remarks>
/// Releases 2.1.0 to 3.12.0 are known. Which one is used decides the last digits of every simulation; docs/mujoco-settings.md tells what is exact.
/// The library's messages become exceptions: it prints nothing, writes no log file and does not end the process.
/// </remarks>
public static class MujocoRuntime
{
    /// <summary>The environment variable that names the library's file, as <see cref="UseLibrary"/> takes it.</summary>
    public const string LibraryVariable = "MBPOML_MUJOCO";

    private static readonly Lock Loading = new();
    private static MujocoLibrary? _library;

    /// <summary>The release in use, such as "2.2.2".</summary>
    /// <exception cref="PlatformNotSupportedException">See <see cref="EnsureAvailable"/>.</exception>
    public static string Release => Library.Offsets.Release;

    /// <summary>The library, loaded at the first use.</summary>
    internal static MujocoLibrary Library
    {
        get
        {
            if (_library is { } library) return library;
            lock (Loading) return _library ??= Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } path
                ? LibraryLocator.Load(path) : LibraryLocator.Find();
        }
    }

    /// <summary>Loads and checks MuJoCo, so that a missing library is reported once and clearly.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no MuJoCo, or none that can be used; the message says what to install.</exception>
    public static void EnsureAvailable() => _ = Library;

    /// <summary>Takes MuJoCo from a file, before anything else of it is used.</summary>
    /// <param name="path">The library's file, such as site-packages/mujoco/libmujoco.so.3.3.7 of a Python installation.</param>
    /// <exception cref="PlatformNotSupportedException">It does not exist, does not load or cannot be used.</exception>
    /// <exception cref="InvalidOperationException">Another one is in use already.</exception>
    public static void UseLibrary(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        lock (Loading)
        {
            if (_library is { } library && library.Path != Path.GetFullPath(path))
                throw new InvalidOperationException(
                    $"MuJoCo was loaded from {library.Path} already, so {path} comes too late. Name it first thing in the program.");
            _library ??= LibraryLocator.Load(path);
        }
    }
}
