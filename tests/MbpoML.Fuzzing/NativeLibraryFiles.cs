using MbpoML.Numerics.Torch;

namespace MbpoML.Fuzzing;

/// <summary>Damaged native libraries, whose tables of symbol versions are read and changed.</summary>
internal static class NativeLibraryFiles
{
    private static string Small => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libonnxruntime_providers_shared.so");

    public static FuzzedReader Reader() => new(
        "native library",
        Mutations.Of(File.ReadAllBytes(Small)),
        path => ElfSymbolVersions.MarkWeak(File.ReadAllBytes(path), "GLIBC_2.2.5"),
        null,
        1024 * 1024);
}
