using System.Globalization;
using System.Text.Json;
using MbpoML.Environments;
using MbpoML.Training.Checkpoints;
using PureHDF;

namespace MbpoML.Datasets;

/// <summary>The files of a Minari dataset.</summary>
internal static class MinariFolder
{
    private const string Data = "data", Main = "main_data.hdf5", Metadata = "metadata.json";

    // The least version of Minari whose readers know this layout.
    private const string Versions = ">=0.4.0";

    /// <summary>The HDF5 file of a dataset.</summary>
    /// <exception cref="DatasetException">The folder has none.</exception>
    public static string MainFile(string path)
    {
        if (!Directory.Exists(path)) return path;
        string[] places = [Path.Combine(path, Data, Main), Path.Combine(path, Main)];
        return Array.Find(places, File.Exists) ?? throw new DatasetException(
            $"{path} is no folder of a Minari dataset with HDF5 files: there is neither {places[0]} nor {places[1]}.");
    }

    /// <summary>Writes a dataset; the metadata last, so that a cut write leaves nothing that looks whole.</summary>
    /// <returns>The number of episodes.</returns>
    public static int Write(MinariEpisodes episodes, string folder, BoxSpace? observationSpace, BoxSpace? actionSpace)
    {
        using (episodes)
        {
            RequireSize(observationSpace, episodes.Layout.ObservationSize, nameof(observationSpace));
            RequireSize(actionSpace, episodes.Layout.ActionSize, nameof(actionSpace));
            var (main, metadata) = (Path.Combine(folder, Data, Main), Path.Combine(folder, Data, Metadata));
            if (File.Exists(metadata) || File.Exists(main))
                throw new IOException($"There is a dataset in {folder} already; delete it, or give another folder.");
            Directory.CreateDirectory(Path.Combine(folder, Data));
            WriteMain(episodes, main);
            var size = Math.Round(new FileInfo(main).Length / 1e6, 1);
            AtomicFile.Write(metadata, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["dataset_id"] = Id(folder),
                ["total_episodes"] = episodes.Ends.Count,
                ["total_steps"] = episodes.Steps,
                ["dataset_size"] = size,
                ["data_format"] = "hdf5",
                ["observation_space"] = Box(observationSpace ?? BoxSpace.Unbounded(episodes.Layout.ObservationSize)),
                ["action_space"] = Box(actionSpace ?? Reached(episodes)),
                ["minari_version"] = Versions,
                ["description"] = "Written by MbpoML.",
            })));
            return episodes.Ends.Count;
        }
    }

    // PureHDF reads what it has written, and so takes a path.
    private static void WriteMain(MinariEpisodes episodes, string path)
    {
        var unfinished = path + AtomicFile.UnfinishedSuffix;
        try
        {
            Build(episodes).Write(unfinished);
            File.Move(unfinished, path);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static H5File Build(MinariEpisodes episodes)
    {
        var file = new H5File();
        var start = 0;
        for (var episode = 0; episode < episodes.Ends.Count; episode++)
        {
            file[MinariDataset.GroupName(episode)] = Group(episodes, episode, start, episodes.Ends[episode]);
            start = episodes.Ends[episode];
        }

        return file;
    }

    private static H5Group Group(MinariEpisodes episodes, int episode, int start, int end)
    {
        var (layout, steps) = (episodes.Layout, end - start);
        var rows = episodes.Rows;
        var (n, m) = (layout.ObservationSize, layout.ActionSize);
        var (observations, actions, rewards) = (new float[(steps + 1) * n], new float[steps * m], new float[steps]);
        var (terminations, truncations) = (new bool[steps], new bool[steps]);
        for (var step = 0; step < steps; step++)
        {
            var row = rows.Slice((start + step) * layout.Width, layout.Width);
            row[..n].CopyTo(observations.AsSpan(step * n));
            row.Slice(layout.ActionOffset, m).CopyTo(actions.AsSpan(step * m));
            rewards[step] = row[layout.RewardOffset];
            (terminations[step], truncations[step]) = (row[layout.TerminatedOffset] > 0, row[layout.TruncatedOffset] > 0);
            if (step == steps - 1) row.Slice(layout.NextObservationOffset, n).CopyTo(observations.AsSpan(steps * n));
        }

        // Where the log just stops, its recording was cut.
        if (!terminations[^1]) truncations[^1] = true;
        var group = new H5Group
        {
            ["observations"] = new H5Dataset(observations, fileDims: [(ulong)(steps + 1), (ulong)n]),
            ["actions"] = new H5Dataset(actions, fileDims: [(ulong)steps, (ulong)m]),
            ["rewards"] = rewards,
            ["terminations"] = terminations,
            ["truncations"] = truncations,
        };
        group.Attributes["id"] = (long)episode;
        group.Attributes["total_steps"] = (long)steps;
        return group;
    }

    private static BoxSpace Reached(MinariEpisodes episodes)
    {
        var layout = episodes.Layout;
        var (low, high) = (new double[layout.ActionSize], new double[layout.ActionSize]);
        Array.Fill(low, double.PositiveInfinity);
        Array.Fill(high, double.NegativeInfinity);
        for (var row = 0; row < episodes.Steps; row++)
            for (var index = 0; index < layout.ActionSize; index++)
            {
                var value = episodes.Rows[(row * layout.Width) + layout.ActionOffset + index];
                (low[index], high[index]) = (Math.Min(low[index], value), Math.Max(high[index], value));
            }

        return new BoxSpace(low, high);
    }

    // As Python's json writes it: infinite bounds have a name.
    private static string Box(BoxSpace space) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"type\": \"Box\", \"dtype\": \"float32\", \"shape\": [{space.Size}], \"low\": [{Numbers(space.Low)}], \"high\": [{Numbers(space.High)}]}}");

    private static string Numbers(IEnumerable<double> values) => string.Join(", ", values.Select(
        value => double.IsInfinity(value) ? (value > 0 ? "Infinity" : "-Infinity") : value.ToString("R", CultureInfo.InvariantCulture)));

    // Minari asks for names such as "tank-log-v0".
    private static string Id(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = string.Concat(Path.GetFileName(full).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-' ? letter : '-'));
        var at = name.LastIndexOf("-v", StringComparison.Ordinal);
        var hasVersion = at > 0 && at + 2 < name.Length && name[(at + 2)..].All(char.IsAsciiDigit);
        var (plain, version) = hasVersion ? (name[..at], name[at..]) : (name, "-v0");
        return plain.Contains('-', StringComparison.Ordinal) ? plain + version : $"{plain}-log{version}";
    }

    private static void RequireSize(BoxSpace? space, int size, string name)
    {
        if (space is not null && space.Size != size)
            throw new ArgumentException(Invariant($"{name} has {space.Size} dimensions, but the transitions have {size}."), name);
    }
}
