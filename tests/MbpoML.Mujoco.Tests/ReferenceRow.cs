using System.IO.Compression;
using System.Text.Json;

namespace MbpoML.Mujoco.Tests;

/// <summary>One control step of the reference data; see TestData/README.md.</summary>
internal sealed record ReferenceRow(
    int Episode, int Step, double[] Positions, double[] Velocities, double[] Action, ReferenceResult Continued, ReferenceResult Fresh)
{
    public static IReadOnlyList<ReferenceRow> Load(MujocoTask task)
    {
        using var file = File.OpenRead(TestFiles.At($"{task}.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var rows = new List<ReferenceRow>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            rows.Add(new ReferenceRow(
                row.GetProperty("ep").GetInt32(), row.GetProperty("t").GetInt32(), Vector(row, "qpos"), Vector(row, "qvel"), Vector(row, "action"), Result(row),
                Result(row.GetProperty("fresh"))));
        }

        return rows;
    }

    private static ReferenceResult Result(JsonElement row) =>
        new(Vector(row, "obs"), Vector(row, "qpos_next"), Vector(row, "qvel_next"), row.GetProperty("reward").GetDouble(),
            row.GetProperty("terminated").GetBoolean());

    private static double[] Vector(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
