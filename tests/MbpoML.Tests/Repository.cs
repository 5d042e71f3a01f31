namespace MbpoML.Tests;

/// <summary>Where the tests find the repository they were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Release or Debug: what the tests were built as.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The output folder of a project, which was built in the same configuration.</summary>
    public static string Output(params string[] project) => Path.Combine(At(project), "bin", Configuration, "net10.0");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MbpoML.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds MbpoML.sln.");
        return folder.FullName;
    }
}
