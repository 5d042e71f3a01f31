namespace MbpoML.Mujoco.Checks;

/// <summary>
/// What the meshes, textures and height fields of a model may come to together: MuJoCo counts their memory in 32 bits, and copies what it reads several times.
/// </summary>
internal sealed class AssetBudget
{
    private const double MaxPixels = 16384.0 * 16384;
    private const double MaxCells = 10_000.0 * 10_000;
    private const double MaxBytes = 512.0 * 1024 * 1024;
    private const double MaxCorners = 30_000_000;

    private double _pixels, _cells, _bytes, _corners;

    /// <exception cref="MujocoException">There are too many.</exception>
    public void AddPixels(MjcfElement element, double pixels, string where) => Add(ref _pixels, pixels, MaxPixels, element, where, "pixels of all textures");

    /// <exception cref="MujocoException">There are too many.</exception>
    public void AddCells(MjcfElement element, double cells, string where) => Add(ref _cells, cells, MaxCells, element, where, "points of all height fields");

    /// <exception cref="MujocoException">There are too many.</exception>
    public void AddBytes(MjcfElement element, double bytes, string where) =>
        Add(ref _bytes, bytes, MaxBytes, element, where, "bytes of all files, each counted as often as it is used");

    /// <exception cref="MujocoException">There are too many.</exception>
    public void AddCorners(MjcfElement element, double corners, string where) =>
        Add(ref _corners, corners, MaxCorners, element, where, "corners of the faces of all OBJ files");

    private static void Add(ref double sum, double amount, double limit, MjcfElement element, string where, string what)
    {
        sum += amount;
        if (!(sum <= limit)) throw element.Wrong(Invariant($"has {where}: with it there are {sum} {what}, but at most {limit} are allowed. Make it smaller."));
    }
}
