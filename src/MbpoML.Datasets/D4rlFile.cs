using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;

namespace MbpoML.Datasets;

/// <summary>Reads datasets of D4RL (Fu et al. 2020): HDF5 files with observations, actions, rewards, terminals and mostly timeouts.</summary>
/// <remarks>
/// <c>terminals</c> become Terminated and <c>timeouts</c> Truncated; no step is paired with one of another episode. Without <c>next_observations</c> the last
/// step of an episode that was cut is left out, and that of one that ended is kept with its own observation as the next one.
/// </remarks>
public static class D4rlFile
{
    /// <summary>Reads the transitions of a D4RL file.</summary>
    /// <param name="path">The path of an HDF5 file.</param>
    /// <returns>The transition columns of docs/data.md, observation [n] and action [m], with EpisodeId from 0.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file, or damaged; the message names file and dataset.</exception>
    public static DenseDataView Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return HdfFile.Read(path, (file, length) => FlatLog.Read(new HdfArrays(path, length, file), FlatNames.D4rl));
    }
}
