using System.Globalization;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Datasets.Arrays;
using MbpoML.Environments;
using Microsoft.ML;
using PureHDF;

namespace MbpoML.Datasets;

/// <summary>
/// Reads and writes datasets of Minari, the Farama Foundation's format: a folder with <c>data/main_data.hdf5</c>, where each episode is a group, and
/// <c>data/metadata.json</c>.
/// </summary>
/// <remarks>
/// Observations that are dictionaries or tuples are laid side by side, in the order of their names. <c>terminations</c> become Terminated and
/// <c>truncations</c> Truncated; an episode that ends with neither was cut, which is Truncated.
/// </remarks>
public static class MinariDataset
{
    private const string Kind = "a Minari dataset";
    private const string Observations = "observations", Actions = "actions", Rewards = "rewards", Terminations = "terminations", Truncations = "truncations";

    /// <summary>Reads the transitions of a Minari dataset.</summary>
    /// <param name="path">The folder of the dataset, its folder <c>data</c>, or the HDF5 file itself.</param>
    /// <returns>The transition columns of docs/data.md, observation [n] and action [m]; EpisodeId is the number in the episode's name.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DatasetException">It is no such file, or damaged; the message names file and dataset.</exception>
    public static DenseDataView Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = MinariFolder.MainFile(path);
        return HdfFile.Read(file, (root, length) =>
        {
            TransitionArrays? transitions = null;
            for (var episode = 0; root.LinkExists(GroupName(episode)); episode++)
            {
                var group = root.Get(GroupName(episode)) as IH5Group ?? throw new DatasetException($"{file}: '{GroupName(episode)}' is no group.");
                Add(new HdfArrays($"{file}, {GroupName(episode)}", length, group, Observations, Actions, Rewards, Terminations, Truncations),
                    file, episode, ref transitions);
            }

            return (transitions ?? throw new DatasetException($"{file} is not {Kind}: it has no group 'episode_0'.")).ToView();
        });
    }

    /// <summary>Writes transitions as a dataset that Minari reads in Python.</summary>
    /// <param name="transitions">A view with the transition columns, in the order of time. An episode ends where EpisodeId changes, at a flag, and where a row
    /// does not begin with the next observation of the one before.</param>
    /// <param name="folder">The folder of the dataset; it is made.
    /// Its name is the id of the dataset; what is missing of a name such as "tank-log-v0" is added.</param>
    /// <param name="observationSpace">The bounds of observations, [observation]; unbounded when null.</param>
    /// <param name="actionSpace">The bounds of actions, [action]; when null those that the actions reach.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <returns>The number of episodes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, a value is not finite, or a space has another size.</exception>
    /// <exception cref="IOException">There is a dataset already, or the disk fails.</exception>
    public static int Write(
        IDataView transitions, string folder, BoxSpace? observationSpace = null, BoxSpace? actionSpace = null, TransitionColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return MinariFolder.Write(MinariEpisodes.Read(transitions, columns), folder, observationSpace, actionSpace);
    }

    internal static string GroupName(int episode) => string.Create(CultureInfo.InvariantCulture, $"episode_{episode}");

    private static void Add(HdfArrays arrays, string file, int episode, ref TransitionArrays? transitions)
    {
        var reward = arrays.Require(Rewards, Kind);
        var (terminated, truncated) = (arrays.Require(Terminations, Kind), arrays.Require(Truncations, Kind));
        var steps = reward.Rows;
        arrays.RequireShape(reward, rows: null, width: 1);
        arrays.RequireShape(terminated, steps, width: 1);
        arrays.RequireShape(truncated, steps, width: 1);
        // All shapes of the episode are looked at before anything of it is read.
        var (observations, actions) = (Parts(arrays, Observations, steps + 1), Parts(arrays, Actions, steps));
        var (observationNames, actionNames) = (NamesOf(observations), NamesOf(actions));
        transitions ??= new TransitionArrays(file, observationNames.Count, actionNames.Count)
        {
            ObservationNames = observationNames,
            ActionNames = actionNames,
        };
        RequireSame(arrays, Observations, transitions.ObservationNames!, observationNames);
        RequireSame(arrays, Actions, transitions.ActionNames!, actionNames);
        var (observation, action) = (SideBySide(arrays, observations, steps + 1), SideBySide(arrays, actions, steps));
        var rewards = arrays.Read(reward);
        TransitionArrays.RequireFinite(arrays.Path, Rewards, rewards, 1);
        var (ends, cuts) = (arrays.ReadFlags(terminated), arrays.ReadFlags(truncated));
        var (n, m) = (observationNames.Count, actionNames.Count);
        for (var step = 0; step < rewards.Length; step++)
            transitions.Add(observation.AsSpan(step * n, n), action.AsSpan(step * m, m), rewards[step], observation.AsSpan((step + 1) * n, n),
                ends[step], cuts[step], episode);
        transitions.EndEpisode(episode);
    }

    // The arrays of a space, in the order of their names: several where it is a space of spaces.
    private static ArrayInfo[] Parts(HdfArrays arrays, string name, long rows)
    {
        ArrayInfo[] parts = arrays.Names.Contains(name) ? [arrays.Describe(name)]
            : [.. arrays.Names.Where(one => one.StartsWith(name + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(arrays.Describe)];
        if (parts.Length == 0) arrays.Require(name, Kind);
        foreach (var part in parts)
        {
            arrays.RequireShape(part, rows, width: null);
            // Each number of a row gets a name, which takes memory, too.
            arrays.RequireSize(part);
            if (name == Actions) arrays.RequireContinuous(part);
        }

        return parts;
    }

    private static IReadOnlyList<string> NamesOf(ArrayInfo[] parts) =>
        [.. parts.SelectMany(part => Enumerable.Range(0, part.Width).Select(index => NameOf(part.Name, index)))];

    // They become one vector a row.
    private static float[] SideBySide(HdfArrays arrays, ArrayInfo[] parts, long rows)
    {
        var width = parts.Sum(part => part.Width);
        var values = new float[checked((int)(rows * width))];
        var offset = 0;
        foreach (var part in parts)
        {
            var read = arrays.Read(part);
            TransitionArrays.RequireFinite(arrays.Path, part.Name, read, part.Width);
            for (var row = 0; row < rows; row++) read.AsSpan(row * part.Width, part.Width).CopyTo(values.AsSpan((row * width) + offset));
            offset += part.Width;
        }

        return values;
    }

    private static string NameOf(string dataset, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset[(dataset.IndexOf('/', StringComparison.Ordinal) + 1)..]}[{index}]");

    private static void RequireSame(HdfArrays arrays, string what, IReadOnlyList<string> first, IReadOnlyList<string> other)
    {
        if (!first.SequenceEqual(other))
            throw new DatasetException(
                Invariant($"{arrays.Path}: {what} have {other.Count} numbers ({other[0]} ...), but {first.Count} in the first episode."));
    }
}
