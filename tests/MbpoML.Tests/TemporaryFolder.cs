namespace MbpoML.Tests;

/// <summary>A new folder that is deleted with all it holds when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("mbpoml-test-").FullName;

    public string this[params string[] parts] => Path.Combine([FullName, .. parts]);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
