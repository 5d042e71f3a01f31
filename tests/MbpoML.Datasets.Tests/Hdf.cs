using PureHDF;

namespace MbpoML.Datasets.Tests;

/// <summary>Writes small HDF5 files.</summary>
internal static class Hdf
{
    public static string Save(string path, params (string Name, object Content)[] children)
    {
        var file = new H5File();
        foreach (var (name, content) in children) file[name] = content;
        file.Write(path);
        return path;
    }

    public static H5Group Episode(int steps, Action<H5Group>? change = null)
    {
        var group = new H5Group
        {
            ["observations"] = new H5Dataset(new float[(steps + 1) * 2], fileDims: [(ulong)steps + 1, 2UL]),
            ["actions"] = new H5Dataset(new float[steps], fileDims: [(ulong)steps, 1UL]),
            ["rewards"] = new double[steps],
            ["terminations"] = new bool[steps],
            ["truncations"] = new bool[steps],
        };
        change?.Invoke(group);
        return group;
    }

    /// <summary>A D4RL file of four rows: an episode that ended, one that was cut.</summary>
    public static string D4rl(string path, bool withNext, bool withTimeouts = true)
    {
        List<(string, object)> children =
        [
            ("observations", new H5Dataset(new float[] { 0, 1, 10, 11 }, fileDims: [4UL, 1UL])),
            ("actions", new H5Dataset(new float[] { 1, 2, 3, 4 }, fileDims: [4UL, 1UL])),
            ("rewards", new float[] { 1, 2, 3, 4 }), ("terminals", new[] { false, true, false, false }),
        ];
        if (withNext) children.Add(("next_observations", new H5Dataset(new float[] { 1, 2, 11, 12 }, fileDims: [4UL, 1UL])));
        if (withTimeouts) children.Add(("timeouts", new[] { false, false, false, true }));
        return Save(path, [.. children]);
    }
}
