using MbpoML.Numerics;

namespace MbpoML.Mujoco.Checks;

/// <summary>Looks at meshes, skins, textures and height fields, and into the files that they name.</summary>
internal sealed class AssetCheck(ModelFolders folders)
{
    // MuJoCo takes the last three letters of a mesh's name for its kind, and the last four of the path of an image.
    private const int MeshSuffix = 3, ImageSuffix = 4;

    private static readonly string[] CubeFiles = ["fileright", "fileleft", "fileup", "filedown", "filefront", "fileback"];

    private readonly AssetBudget _budget = new();

    /// <exception cref="MujocoException">MuJoCo must not get this element.</exception>
    public void Check(MjcfElement element)
    {
        switch (element.Name)
        {
            case "mesh":
                CheckMesh(element);
                break;
            case "skin":
                CheckSkin(element);
                break;
            case "texture":
                CheckTexture(element);
                break;
            case "hfield":
                CheckHeightField(element);
                break;
        }
    }

    private void CheckMesh(MjcfElement element)
    {
        InlineMesh.Check(element);
        foreach (var (file, where) in Files(element, "file", MeshSuffix).Concat(Files(element, "filename", MeshSuffix)))
        {
            switch (Kind(element, file))
            {
                case "obj":
                    _budget.AddCorners(element, ObjFile.Check(file, element, where), where);
                    break;
                case "msh":
                    MshFile.Check(file, element, where);
                    break;
            }
        }
    }

    private void CheckSkin(MjcfElement element)
    {
        InlineMesh.Check(element);
        foreach (var (file, where) in Files(element, "file", MeshSuffix)) SknFile.Check(file, element, where);
    }

    private void CheckTexture(MjcfElement element)
    {
        var faces = element.Has("type", "2d") ? 1 : 6;
        if (element["builtin"] is not (null or "none"))
        {
            var (width, height) = (Size(element, "width"), Size(element, "height"));
            // The faces of a cube are squares, whatever the height.
            _budget.AddPixels(element, faces == 1 ? width * height : faces * width * width, $"{element.Written("width")} and {element.Written("height")}");
        }

        foreach (var (file, where) in Files(element, "file", ImageSuffix)) _budget.AddPixels(element, faces * RasterFile.Texture(file, element, where), where);
        var separate = CubeFiles.SelectMany(attribute => Files(element, attribute, ImageSuffix))
            .Select(image => (Pixels: RasterFile.Texture(image.File, element, image.Where), image.Where)).ToArray();
        // All have the size of the first, or are refused by MuJoCo.
        if (separate.Length > 0) _budget.AddPixels(element, faces * separate.Max(image => image.Pixels), separate[0].Where);
    }

    private void CheckHeightField(MjcfElement element)
    {
        _budget.AddCells(element, Size(element, "nrow") * Size(element, "ncol"), $"{element.Written("nrow")} and {element.Written("ncol")}");
        foreach (var (file, where) in Files(element, "file", ImageSuffix)) _budget.AddCells(element, RasterFile.HeightField(file, element, where), where);
    }

    // With each file goes how a message speaks of it.
    private IEnumerable<(string File, string Where)> Files(MjcfElement element, string attribute, int suffix)
    {
        if (element[attribute] is not { Length: > 0 } name) yield break;
        if (suffix == MeshSuffix && Math.Min(name.Length, folders.StripsPaths ? ModelFolders.Stripped(name).Length : suffix) < suffix ||
            (name.Length < suffix && Path.IsPathRooted(name)))
            throw element.Wrong(
                $"has {element.Written(attribute)}, whose kind cannot be told: give the file a name that ends with a kind, such as .stl, .obj, .msh or .png.");
        foreach (var file in folders.Files(element, attribute))
        {
            var where = $"{element.Written(attribute)} ({file})";
            // A pipe or a device could be waited for without end.
            var length = ForeignFile.Length(file);
            if (length == 0) throw element.Wrong($"has {where}, which is empty, or no ordinary file.");
            _budget.AddBytes(element, length, where);
            yield return (file, where);
        }
    }

    private static string Kind(MjcfElement element, string file) =>
        (element["content_type"] is { Length: >= MeshSuffix } type ? type : file)[^MeshSuffix..].ToLowerInvariant();

    private static double Size(MjcfElement element, string attribute) => element[attribute] is { } value ? MjcfNumbers.Size(value) ?? 0 : 0;
}
