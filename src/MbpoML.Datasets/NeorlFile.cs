using System.IO.Compression;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;

namespace MbpoML.Datasets;

/// <summary>Reads logs of NeoRL and NeoRL-2 (Qin et al. 2022, Gao et al. 2025): npz files with obs, action, next_obs, reward, done and mostly truncated.
/// </summary>
/// <remarks>
/// <c>done</c> becomes Terminated and <c>truncated</c> Truncated. An episode ends as truncated, too, where the next observation is not the one of the next row.
/// Arrays of Python objects are refused: a pickle can run code.
/// </remarks>
public static class NeorlFile
{
    /// <summary>Reads the transitions of a NeoRL file.</summary>
    /// <param name="path">The path of an npz file.</param>
    /// <returns>The transition columns of docs/data.md, observation [n] and action [m], with EpisodeId from 0.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file, or damaged; the message names file and dataset.</exception>
    public static DenseDataView Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Untrusted.Read(path, "an npz file", () =>
        {
            using var zip = ZipFile.OpenRead(path);
            return FlatLog.Read(new NpzArrays(path, zip), FlatNames.Neorl);
        });
    }
}
