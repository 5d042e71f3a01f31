namespace MbpoML.Tests.Numerics.Torch;

/// <summary>Native Linux libraries that packages put beside the tests, on every platform.</summary>
internal static class NativeFiles
{
    public const string Folder = "runtimes/linux-x64/native";

    /// <summary>The library that needs GLIBCXX_3.4.32.</summary>
    public static string TorchSharp => Path.Combine(AppContext.BaseDirectory, Folder, "libLibTorchSharp.so");

    /// <summary>A small library without side effects, which needs GLIBC_2.2.5 and nothing else.</summary>
    public static string Small => Path.Combine(AppContext.BaseDirectory, Folder, "libonnxruntime_providers_shared.so");

    public const string SmallsVersion = "GLIBC_2.2.5";
}
