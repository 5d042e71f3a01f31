using MbpoML.Tests;

namespace MbpoML.Tool.Tests;

/// <summary>One finished tiny run that the tests share; none of them changes it.</summary>
[SetUpFixture]
public sealed class TrainedRun
{
    private static TemporaryFolder? _folder;

    /// <summary>Its folder.</summary>
    internal static string Folder => _folder!["runs", "first"];

    /// <summary>What training it wrote.</summary>
    internal static ToolResult Result { get; private set; } = new(-1, "", "");

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TemporaryFolder();
        Result = ToolResult.Train(Folder);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();
}
