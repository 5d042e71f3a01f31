namespace MbpoML.Mujoco.Checks;

/// <summary>Which files a name in a model can mean. Releases of MuJoCo differ in where they look, so every file that any of them could find is one.</summary>
internal sealed class ModelFolders
{
    private readonly List<string> _models = [];
    private readonly List<string> _assets = [""];

    /// <summary>Whether only what stands behind the last slash of a name counts.</summary>
    public bool StripsPaths { get; private set; }

    /// <summary>Takes in a folder that an MJCF file stands in.</summary>
    public void Add(string folder) => AddTo(_models, folder);

    /// <summary>Takes in what a root or the element compiler says of folders.</summary>
    public void Add(MjcfElement element)
    {
        StripsPaths |= element.Has("strippath", "true") || UrdfCheck.IsRoot(element);
        foreach (var attribute in new[] { "meshdir", "texturedir", "assetdir" })
            if (element[attribute] is { Length: > 0 } folder) AddTo(_assets, folder);
    }

    /// <summary>The files that are to be read as parts of the model where an element stands.</summary>
    public IReadOnlyList<string> Models(MjcfElement element) =>
        element.Name.Equals("include", StringComparison.OrdinalIgnoreCase) || element.Is("model") ? Files(element, "file") : [];

    /// <summary>The existing files that an attribute can mean; none where MuJoCo will find none either.</summary>
    /// <exception cref="MujocoException">The name is none that can be looked for.</exception>
    public IReadOnlyList<string> Files(MjcfElement element, string attribute)
    {
        if (element[attribute] is not { Length: > 0 } name) return [];
        if (name.Contains('\uFFFD', StringComparison.Ordinal)) throw element.Wrong($"has {element.Written(attribute)}, which is not UTF-8. Rename the file.");
        var names = StripsPaths ? [name, Stripped(name)] : new[] { name };
        // MuJoCo joins the parts as texts, so that a folder may well be absolute.
        var paths = _assets.SelectMany(_ => names, (folder, part) => folder + part).ToArray();
        return [.. paths.Where(Path.IsPathFullyQualified).Concat(_models.SelectMany(_ => paths, (folder, path) => folder + path))
            .Where(File.Exists).Distinct()];
    }

    /// <summary>What stands behind the last slash of either kind.</summary>
    public static string Stripped(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

    private static void AddTo(List<string> folders, string folder)
    {
        if (folder is not [.., '/' or '\\']) folder += '/';
        if (!folders.Contains(folder)) folders.Add(folder);
    }
}
