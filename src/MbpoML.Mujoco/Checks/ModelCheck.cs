using System.Text;
using MbpoML.Numerics;

namespace MbpoML.Mujoco.Checks;

/// <summary>
/// Checks a model, and all files that it names, before MuJoCo reads them. It looks for values that MuJoCo does not check and that end the process, such as
/// indices beyond their array and sizes beyond the machine's memory. MuJoCo itself finds all other errors.
/// </summary>
internal sealed class ModelCheck
{
    private const int MaxCharacters = 64 * 1024 * 1024;

    // Files that include each other add their depths, and MuJoCo reads by recursion.
    private const int MaxDepth = 1000;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<(MjcfElement Element, long Copies)> _elements = [];
    private readonly ModelFolders _folders = new();

    private ModelCheck()
    {
    }

    /// <exception cref="MujocoException">MuJoCo must not get this file; the message says which element asks for what, and what is allowed.</exception>
    public static void CheckFile(string file)
    {
        var check = new ModelCheck();
        check.Run(() => check.ReadFile(file, 0, 1));
    }

    /// <param name="mjcf">The text of a model.</param>
    /// <param name="folder">Where the file will be from which MuJoCo reads it.</param>
    /// <exception cref="MujocoException">MuJoCo must not get this text.</exception>
    public static void CheckText(string mjcf, string folder)
    {
        var check = new ModelCheck();
        check.Run(() => check.ReadText(mjcf, "The MJCF text", folder, 0, 1));
    }

    private void Run(Action read)
    {
        try
        {
            read();
            CheckElements();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MujocoException($"A file of the model cannot be read: {exception.Message}", exception);
        }
    }

    private void ReadFile(string file, int depth, long copies)
    {
        if (!_read.Add(file)) return;
        // A pipe or a device could be waited for without end.
        if (ForeignFile.Length(file) is var length && length == 0) throw new MujocoException($"{file} is empty, or no ordinary file.");
        if (length > MaxCharacters) throw TooLong(file);
        ReadText(File.ReadAllText(file, Encoding.UTF8), file, Path.GetDirectoryName(file)!, depth, copies);
    }

    private void ReadText(string text, string name, string folder, int depth, long copies)
    {
        if (text.Length > MaxCharacters) throw TooLong(name);
        _folders.Add(folder);
        if (MjcfParser.Parse(text, name) is not { } root) return;
        _folders.Add(root);
        if (UrdfCheck.IsRoot(root)) UrdfCheck.Check(root);
        // The root of an included file gives way to what is in it.
        if (depth == 0) Gather(root, depth, copies);
        else foreach (var child in root.Children) Gather(child, depth, copies);
    }

    private void Gather(MjcfElement element, int depth, long copies)
    {
        if (depth > MaxDepth) throw element.Wrong($"is nested more than {MaxDepth} deep, included files counted.");
        copies = ModelSize.Copies(element, copies);
        _elements.Add((element, copies));
        if (element.Is("compiler")) _folders.Add(element);
        foreach (var file in _folders.Models(element)) ReadFile(file, depth, copies);
        foreach (var child in element.Children) Gather(child, depth + 1, copies);
    }

    // After all has been read: a folder may be named behind what is in it.
    private void CheckElements()
    {
        var size = new ModelSize(_elements);
        var assets = new AssetCheck(_folders);
        foreach (var (element, _) in _elements)
        {
            size.Check(element);
            assets.Check(element);
        }
    }

    private static MujocoException TooLong(string name) => new($"{name} has more than the {MaxCharacters} characters that are allowed for a model.");
}
