using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Offline;

/// <summary>Reads the logs of NeoRL: a zip of float32 arrays obs, action, next_obs, reward, done and truncated.</summary>
internal static class NpzLog
{
    /// <summary>The log as transitions.</summary>
    public static IDataView Read(MLContext ml, string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var (observation, action, next) = (Array(archive, "obs"), Array(archive, "action"), Array(archive, "next_obs"));
        var (reward, done, truncated) = (Array(archive, "reward"), Array(archive, "done"), Array(archive, "truncated"));
        var (n, m) = (observation.Length / reward.Length, action.Length / reward.Length);
        return ml.Reinforcement().Data.FromTransitions(reward.Select((earned, row) => new Transition
        {
            Observation = observation[(row * n)..((row + 1) * n)],
            Action = action[(row * m)..((row + 1) * m)],
            Reward = earned,
            NextObservation = next[(row * n)..((row + 1) * n)],
            Terminated = done[row] > 0.5,
            Truncated = truncated[row] > 0.5,
        }));
    }

    // The header tells the type and where the values begin.
    private static float[] Array(ZipArchive archive, string name)
    {
        using var stream = (archive.GetEntry($"{name}.npy") ?? throw new InvalidDataException($"There is no array '{name}'.")).Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        var header = Encoding.ASCII.GetString(bytes, 10, length);
        if (!header.Contains("'<f4'", StringComparison.Ordinal)) throw new InvalidDataException($"The array '{name}' is no float32: {header}");
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + length)).ToArray();
    }
}
